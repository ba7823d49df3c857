import type { Locator, Page } from "@playwright/test";
import { expect, lookUp } from "./fixtures.ts";

/** Looks Ada up and opens her; returns the drawer. */
export async function openAda(page: Page): Promise<Locator> {
  await lookUp(page, "ada lov", "Ada Lovelace");
  return openUser(page);
}

/** Opens Ada, who is in the list already; returns the drawer. */
export async function openUser(page: Page): Promise<Locator> {
  await page.getByRole("link", { name: "Ada Lovelace" }).first().click();
  const drawer = page.getByRole("complementary", { name: "User Ada Lovelace" });
  await expect(drawer.getByText("Live", { exact: true })).toBeVisible();
  return drawer;
}

/** The line at the bottom that says whether things work. */
export function connection(page: Page): Locator {
  return page.getByRole("status", { name: "Connection" });
}

/** Opens the inspector with its key, and returns it. */
export async function openInspector(page: Page): Promise<Locator> {
  await page.keyboard.press("Control+i");
  const inspector = page.getByRole("region", { name: "Inspector" });
  await expect(inspector).toBeVisible();
  return inspector;
}

/** Everything that the page keeps in the two storages of the browser, as one text. */
export function stored(page: Page): Promise<string> {
  return page.evaluate(() =>
    JSON.stringify([localStorage, sessionStorage].map((storage) => Object.entries(storage))),
  );
}

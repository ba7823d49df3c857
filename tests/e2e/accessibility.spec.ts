import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, lookUp, searchBox, signIn, test } from "./support/fixtures.ts";

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds in both themes, one line a finding. */
async function findings(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    for (const { id, nodes } of violations) {
      all.push(...nodes.map(({ target }) => `${colorScheme}, ${id}: ${String(target)}`));
    }
  }
  return all;
}

test.describe("axe finds nothing", () => {
  test("at the entrance and on the issuer's sign-in page", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("button", { name: /^support/ })).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("before a search, in results, beside an open user, without a match", async ({ page }) => {
    await signIn(page, "supervisor");
    await expect(page.getByRole("heading", { name: "Look someone up" })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await lookUp(page, "ada lov", "Ada Lovelace");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("link", { name: "Ada Lovelace" }).first().click();
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Control+i");
    await expect(page.getByRole("region", { name: "Inspector" })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.goto("/?q=nobody-has-this-name");
    await expect(page.getByText(/^Nobody matches/)).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("for somebody who may not read", async ({ page }) => {
    await signIn(page, "guest");
    await searchBox(page).fill("ada");
    await expect(page.getByText("You may not read users")).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });
});

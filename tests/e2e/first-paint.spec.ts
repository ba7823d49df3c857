import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, signIn, test } from "./support/fixtures.ts";

const opening = (page: Page) => page.getByText("Opening your session");

/** The page as it is until its program comes. */
async function openWithoutProgram(page: Page): Promise<void> {
  await page.route("/assets/index-*.js", () => undefined);
  await page.goto("/", { waitUntil: "commit" });
  await expect(opening(page)).toBeVisible();
}

test("before any program has come, the page says that it opens, and axe finds nothing", async ({
  page,
}) => {
  await openWithoutProgram(page);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
  for (const width of [320, 412, 1280, 3840]) {
    await page.setViewportSize({ width, height: 740 });
    await expect(opening(page)).toBeInViewport({ ratio: 1 });
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(sideways).toBeLessThanOrEqual(0);
  }
});

test("nothing that could be typed into is there before the program that would read it", async ({
  page,
}) => {
  await openWithoutProgram(page);
  await expect(page.locator("input, textarea, select, button, a, [tabindex]")).toHaveCount(0);
});

test("a chosen theme is there before any program has come", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await signIn(page);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await openWithoutProgram(page);
  await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
});

test("the first paint waits for no program, and does not move when that comes", async ({
  page,
}) => {
  await openWithoutProgram(page);
  const mark = page.locator(".bar-top .mark");
  const before = await mark.boundingBox();
  await page.unrouteAll();
  await signIn(page);
  expect(await mark.boundingBox()).toEqual(before);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page says that it needs it, and nothing of opening", async ({ page }) => {
    await page.goto("/");
    const needs = page.locator("noscript").getByRole("paragraph");
    await expect(needs).toHaveText(/^This page needs JavaScript/);
    await expect(needs).toBeVisible();
    await expect(opening(page)).toBeHidden();
  });
});

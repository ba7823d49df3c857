import type { Page } from "@playwright/test";
import { expect, lookUp, searchBox, signIn, test } from "./support/fixtures.ts";
import { openAda, openInspector, openUser } from "./support/people.ts";

/** Waits until the page is dark, or light: a theme may take a moment to arrive. */
async function expectScheme(page: Page, scheme: "dark" | "light"): Promise<void> {
  const shown = expect.poll(() => brightness(page));
  await (scheme === "dark" ? shown.toBeLessThan(60) : shown.toBeGreaterThan(200));
}

/** The brightness of what is behind everything, from 0 to 255. */
async function brightness(page: Page): Promise<number> {
  const png = await page.screenshot({ clip: { x: 2, y: 300, width: 1, height: 1 } });
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas?.drawImage(bitmap, 0, 0);
    const [red = 0, green = 0, blue = 0] = canvas?.getImageData(0, 0, 1, 1).data ?? [];
    return (red + green + blue) / 3;
  }, png.toString("base64"));
}

/** How far the page could be scrolled sideways. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

test("follows the machine, and a theme that was chosen stays chosen, in all tabs", async ({
  page,
  context,
}) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await signIn(page);
  await expectScheme(page, "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expectScheme(page, "light");
  const other = await context.newPage();
  await other.goto("/");
  await expect(searchBox(other)).toBeVisible();
  // A page behind another one is drawn when the browser comes to it, if ever.
  await page.bringToFront();
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await expectScheme(page, "dark");
  await expect(other.locator("html")).toHaveCSS("color-scheme", "dark");
  await page.reload();
  await expect(searchBox(page)).toBeVisible();
  await expectScheme(page, "dark");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("radio", { name: "System" }).check();
  await expectScheme(page, "light");
});

test("a stored theme is there with the first paint, without a flash of the other", async ({
  page,
}) => {
  await signIn(page);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seenSchemes: seen });
    const look = () => {
      const root = document.querySelector("#root");
      if (root?.firstChild) seen.push(getComputedStyle(document.documentElement).colorScheme);
      if (seen.length < 30) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.reload();
  await expect(searchBox(page)).toBeVisible();
  const seen = await page.evaluate(() => (window as { seenSchemes?: string[] }).seenSchemes);
  expect(new Set(seen)).toEqual(new Set(["dark"]));
});

test("forced colours: what is chosen, focused and open is still told apart", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await signIn(page);
  await openAda(page);
  const row = page.getByRole("row").filter({ hasText: "Ada Lovelace" }).first();
  await expect(row.getByRole("rowheader")).toHaveCSS("border-left-width", "3px");
  const mark = row.locator("mark").first();
  const [ground, text] = await mark.evaluate((element) => {
    const { backgroundColor, color } = getComputedStyle(element);
    return [backgroundColor, color];
  });
  expect(ground).toMatch(/^rgb\(\d+, \d+, \d+\)$/);
  expect(ground).not.toBe(text);
  await searchBox(page).focus();
  const outline = await page
    .locator("search form")
    .evaluate((form) => getComputedStyle(form).outlineStyle);
  expect(outline).toBe("solid");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Command palette" });
  const option = palette.getByRole("option", { selected: true });
  const [chosen, plain] = await Promise.all([
    option.evaluate((element) => getComputedStyle(element).backgroundColor),
    palette
      .getByRole("option", { selected: false })
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor),
  ]);
  expect(chosen).not.toBe(plain);
});

test("reduced motion: nothing moves by itself, and elsewhere it may", async ({ page }) => {
  /** How many elements would take time to change or move. */
  const moving = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return animationName !== "none" || /[1-9]/.test(transitionDuration);
        }).length,
    );
  await signIn(page);
  await openAda(page);
  expect(await moving()).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await moving()).toBe(0);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await moving()).toBe(0);
});

for (const width of [320, 360, 768, 1024, 1440, 3840]) {
  test(`at ${String(width)} px everything fits, and nothing scrolls sideways`, async ({ page }) => {
    const height = width === 3840 ? 2160 : 740;
    await page.setViewportSize({ width, height });
    await signIn(page);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    await lookUp(page, "ad", "Ada Lovelace");
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    const list = page.locator("#results");
    expect(await list.evaluate((area) => area.scrollWidth - area.clientWidth)).toBe(0);
    const drawer = await openUser(page);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    expect(await drawer.evaluate((area) => area.scrollWidth - area.clientWidth)).toBe(0);
    await openInspector(page);
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog")).toBeInViewport({ ratio: 1 });
  });
}

test("on a phone the drawer is the page, and closing it gives the list back", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page);
  const drawer = await openAda(page);
  const main = await page.getByRole("main").boundingBox();
  await expect.poll(() => drawer.boundingBox()).toEqual(main);
  const row = page.getByRole("row").filter({ hasText: "Ada Lovelace" }).first();
  await expect(row).toBeHidden();
  await drawer.getByRole("button", { name: "Close user" }).click();
  await expect(row).toBeVisible();
});

test("with more space between lines, words and letters nothing is cut off (WCAG 1.4.12)", async ({
  page,
}) => {
  await signIn(page);
  await openAda(page);
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }",
    );
    document.adoptedStyleSheets = [sheet];
  });
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, h2, dt, dd, .live, .connection")]
      .filter((element) => element.checkVisibility() && element.closest(".sr") === null)
      .filter((element) => element.scrollHeight > element.clientHeight + 1)
      .filter((element) => getComputedStyle(element).overflow !== "visible")
      .map((element) => element.textContent),
  );
  expect(cut).toEqual([]);
  expect(await sideways(page)).toBeLessThanOrEqual(0);
});

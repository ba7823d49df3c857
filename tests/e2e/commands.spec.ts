import type { Page } from "@playwright/test";
import { expect, lookUp, searchBox, signIn, test } from "./support/fixtures.ts";
import { openAda } from "./support/people.ts";

const palette = (page: Page) => page.getByRole("dialog", { name: "Command palette" });
const sheet = (page: Page) => page.getByRole("dialog", { name: "Keyboard shortcuts" });
const combobox = (page: Page) => page.getByRole("combobox", { name: /^Find a command/ });

test("the palette finds commands by word, shows their keys, and does them", async ({ page }) => {
  await signIn(page);
  await page.keyboard.press("Control+k");
  await expect(combobox(page)).toBeFocused();
  await expect(palette(page).getByRole("option", { name: /^Go to the search/ })).toContainText("/");
  await combobox(page).fill("night");
  await expect(palette(page).getByRole("option")).toHaveText([
    "Theme: dark",
    "Search users for “night”",
  ]);
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeHidden();
  await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
});

test("a key that comes with the first picture of the page is heard", async ({ page }) => {
  await signIn(page);
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector("input[type=search]") === null) return;
      observer.disconnect();
      const key = { key: "k", ctrlKey: true, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new KeyboardEvent("keydown", key));
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto("/");
  await expect(combobox(page)).toBeFocused();
});

test("the arrows choose, and what is chosen is announced and stays in sight", async ({ page }) => {
  await signIn(page);
  await page.keyboard.press("Control+k");
  await expect(combobox(page)).toBeFocused();
  const options = palette(page).getByRole("option");
  const last = options.last();
  await page.keyboard.press("ArrowUp");
  await expect(last).toHaveAttribute("aria-selected", "true");
  await expect(last).toBeInViewport();
  const id = await last.getAttribute("id");
  await expect(combobox(page)).toHaveAttribute("aria-activedescendant", id ?? "");
  await page.keyboard.press("ArrowDown");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
});

test("what cannot be done is not offered", async ({ page }) => {
  await signIn(page);
  await page.keyboard.press("Control+k");
  const copy = palette(page).getByRole("option", { name: /^Copy the id/ });
  const drop = palette(page).getByRole("option", { name: "Drop all filters" });
  const csv = palette(page).getByRole("option", { name: "Export CSV" });
  await expect(combobox(page)).toBeVisible();
  for (const option of [copy, drop, csv]) await expect(option).toBeHidden();
  await page.keyboard.press("Escape");
  await page.goto("/users/user123?q=ada+lov&status=active");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await page.keyboard.press("Control+k");
  for (const option of [copy, drop, csv]) await expect(option).toBeVisible();
});

test("the palette also finds people: those opened last, and whoever is typed", async ({ page }) => {
  await signIn(page);
  await openAda(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Look someone up" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("option").first()).toHaveText("Open user123");
  await combobox(page).fill("grace hop");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" }).first()).toBeVisible();
  await expect(searchBox(page)).toHaveValue("grace hop");
});

test("every command with a key stands in the sheet, which ? opens", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  await page.locator("main").focus();
  await page.keyboard.press("?");
  await expect(sheet(page)).toBeVisible();
  for (const key of ["/", "j", "k", "Enter", "Esc", "c", "o", "Ctrl K", "Ctrl I", "?"]) {
    await expect(sheet(page).getByText(key, { exact: true })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  await expect(sheet(page)).toBeHidden();
  await page.getByRole("button", { name: /^Shortcuts/ }).click();
  await expect(sheet(page)).toBeVisible();
});

test("j and k go through the rows, c copies the id, o opens the page, Escape closes", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  await page.locator("main").focus();
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: "Ada Lovelace" }).first()).toBeFocused();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "User Ada Lovelace" });
  await expect(drawer).toBeVisible();
  await page.keyboard.press("c");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("user123");
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(page.getByRole("link", { name: "Ada Lovelace" }).first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(drawer).toBeVisible();
  await page.keyboard.press("o");
  await expect(page).toHaveURL(/\/users\/user123$/);
});

test("single keys can be switched off, and stay off after a reload and in other tabs", async ({
  page,
  context,
}) => {
  await signIn(page);
  const other = await context.newPage();
  await other.goto("/");
  await expect(searchBox(other)).toBeVisible();
  await page.getByRole("button", { name: /^Shortcuts/ }).click();
  await page.getByRole("checkbox", { name: /^Use single keys/ }).uncheck();
  await page.keyboard.press("Escape");
  for (const tab of [page, other]) await expectNoSingleKeys(tab);
  await page.reload();
  await expect(searchBox(page)).toBeVisible();
  await expectNoSingleKeys(page);
  await page.keyboard.press("Control+k");
  await combobox(page).fill("single keys on");
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeHidden();
  await page.locator("main").focus();
  await page.keyboard.press("/");
  await expect(searchBox(page)).toBeFocused();
});

test("keys that are typed into a field are text and nothing else", async ({ page }) => {
  await signIn(page);
  await searchBox(page).focus();
  await page.keyboard.type("jk/?c");
  await expect(searchBox(page)).toHaveValue("jk/?c");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

async function expectNoSingleKeys(page: Page): Promise<void> {
  // What another tab has switched off is heard a moment later.
  await expect(page.getByRole("button", { name: "Shortcuts", exact: true })).toBeVisible();
  await page.locator("main").focus();
  await page.keyboard.press("/");
  await expect(searchBox(page)).not.toBeFocused();
  await page.keyboard.press("?");
  await expect(sheet(page)).toBeHidden();
  // What the page says must not be more than what it does.
  await expect(page.getByText("/", { exact: true })).toBeHidden();
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
  await page.keyboard.press("Escape");
}

import type { Page } from "@playwright/test";
import { expect, lookUp, searchBox, signIn, test } from "./support/fixtures.ts";
import { holdCall } from "./support/held-call.ts";
import { connection, openAda } from "./support/people.ts";

test.describe.configure({ timeout: 90_000 });

const ended = (page: Page) => page.getByText(/^Your session ended\. Nothing is lost/);
const offline = (page: Page) => page.getByText(/^You are offline\. What you see is from/);

/** A long list, scrolled down, with a filter, an open user, and text that nobody has sent yet. */
async function settleDown(page: Page): Promise<{ scrolled(): Promise<number> }> {
  await signIn(page);
  await lookUp(page, "ad", "Ada Lovelace");
  const list = page.locator("#results");
  await page.getByRole("row").nth(20).getByRole("link").click();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await list.evaluate((element) => element.scrollTo(0, 300));
  return { scrolled: () => list.evaluate((element) => element.scrollTop) };
}

/** Signs in as somebody in the other tab that the page opens for it. */
async function signInThere(page: Page, person: string): Promise<void> {
  // The issuer has forgotten who sits here; else nobody would have to do anything.
  await page.context().clearCookies();
  const opened = page.context().waitForEvent("page");
  await page.getByRole("button", { name: "Sign in again" }).click();
  const tab = await opened;
  const closed = tab.waitForEvent("close");
  await tab.getByRole("button", { name: new RegExp(`^${person}`) }).click();
  await closed;
}

test("an ended session shows a quiet bar, keeps page, scroll and input, and goes on", async ({
  page,
  stack,
}) => {
  const { scrolled } = await settleDown(page);
  const address = page.url();
  const before = await scrolled();
  await stack.demo("revoke", {});
  await expect(ended(page)).toBeVisible({ timeout: 30_000 });
  await expect(connection(page)).toHaveText("Sign-in needed");
  expect(page.url()).toBe(address);
  expect(await scrolled()).toBe(before);
  await expect(page.getByRole("complementary", { name: /^User / })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  // What is typed now waits, and is looked up as soon as somebody is signed in again.
  await searchBox(page).fill("grace hop");
  await signInThere(page, "support");
  await expect(ended(page)).toBeHidden();
  await expect(connection(page)).toHaveText("Connected");
  await expect(searchBox(page)).toHaveValue("grace hop");
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" }).first()).toBeVisible();
});

test("with nothing typed everything stands where it stood after the sign-in", async ({
  page,
  stack,
}) => {
  const { scrolled } = await settleDown(page);
  const address = page.url();
  const before = await scrolled();
  const name = await page.getByRole("complementary", { name: /^User / }).getAttribute("aria-label");
  await stack.demo("revoke", {});
  await expect(ended(page)).toBeVisible({ timeout: 30_000 });
  await signInThere(page, "support");
  await expect(connection(page)).toHaveText("Connected");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  expect(page.url()).toBe(address);
  expect(await scrolled()).toBe(before);
  await expect(page.getByRole("complementary", { name: /^User / })).toHaveAttribute(
    "aria-label",
    name ?? "",
  );
});

test("one sign-in brings every open tab back, without a touch", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const other = await context.newPage();
  await other.goto("/?q=grace+hop");
  await expect(other.getByRole("row").filter({ hasText: "Grace Hopper" }).first()).toBeVisible();
  await stack.demo("revoke", {});
  await searchBox(page).fill("ada");
  for (const tab of [page, other]) await expect(ended(tab)).toBeVisible({ timeout: 30_000 });
  await signInThere(page, "support");
  for (const tab of [page, other]) {
    await expect(ended(tab)).toBeHidden();
    await expect(connection(tab)).toHaveText("Connected");
  }
  await expect(searchBox(other)).toHaveValue("grace hop");
});

test("another person who signs in sees nothing of what the one before had loaded", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await openAda(page);
  await stack.demo("revoke", {});
  await expect(ended(page)).toBeVisible({ timeout: 30_000 });
  await signInThere(page, "guest");
  await expect(page.getByText("You may not read users").first()).toBeVisible();
  await expect(page.getByText("ada@analytical.example")).toHaveCount(0);
});

test("rows that stand in for others do so for nobody else", async ({ page, stack }) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const calls = [
    await holdCall(page, stack, "ListUsers", "grace"),
    await holdCall(page, stack, "ListUsers", "grace"),
  ];
  await searchBox(page).fill("grace");
  await calls[1]?.made;
  const row = page.getByRole("row").filter({ hasText: "Ada Lovelace" });
  await expect(row).toBeVisible();
  await stack.demo("revoke", {});
  await expect(ended(page)).toBeVisible({ timeout: 30_000 });
  await signInThere(page, "guest");
  await calls[0]?.made;
  await expect(row).toHaveCount(0);
  for (const call of calls) await call.release();
  await expect(page.getByText("You may not read users").first()).toBeVisible();
});

test("an export ends with the person who began it", async ({ page, stack }) => {
  await signIn(page);
  await page.goto("/?q=");
  await expect(page.getByRole("rowheader").first()).toBeVisible();
  let downloads = 0;
  page.on("download", () => (downloads += 1));
  // The field page_size (4) with 200 in it: only an export asks for so many.
  const held = await holdCall(page, stack, "ListUsers", Buffer.from([0x20, 0xc8, 0x01]));
  await page.getByRole("button", { name: "Export CSV" }).click();
  await held.made;
  await stack.demo("revoke", {});
  await searchBox(page).fill("ada");
  await expect(ended(page)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("region", { name: "Export" })).toBeVisible();
  await signInThere(page, "supervisor");
  await expect(connection(page)).toHaveText("Connected");
  await expect(page.getByRole("region", { name: "Export" })).toHaveCount(0);
  await held.release();
  await expect(page.getByRole("button", { name: "Export CSV" })).toBeEnabled();
  expect(downloads).toBe(0);
});

test("offline: a quiet bar, everything stays, and it goes on by itself", async ({
  page,
  context,
}) => {
  const { scrolled } = await settleDown(page);
  const before = await scrolled();
  await context.setOffline(true);
  await expect(offline(page)).toBeVisible();
  await expect(connection(page)).toHaveText("Offline");
  await expect(page.getByText("Live", { exact: true })).toHaveCount(0);
  await expect(page.getByText("Not live", { exact: true })).toBeVisible();
  expect(await scrolled()).toBe(before);
  await searchBox(page).fill("grace hop");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await context.setOffline(false);
  await expect(offline(page)).toBeHidden();
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" }).first()).toBeVisible();
  await expect(searchBox(page)).toHaveValue("grace hop");
  await expect(connection(page)).toHaveText("Connected");
});

test("offline beyond the life of a token nobody is signed out", async ({ page, context }) => {
  await signIn(page);
  await openAda(page);
  await context.setOffline(true);
  await expect(offline(page)).toBeVisible();
  // Tokens live for four seconds here.
  const expired = Date.now() + 6_000;
  await expect.poll(() => Date.now() > expired, { timeout: 10_000 }).toBe(true);
  await expect(page.getByRole("complementary", { name: "User Ada Lovelace" })).toBeVisible();
  await expect(ended(page)).toBeHidden();
  await context.setOffline(false);
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 30_000 });
  await lookUp(page, "grace hop", "Grace Hopper");
});

test("a part of the page that was never loaded and cannot be now leaves the rest as it is", async ({
  page,
}) => {
  await page.route(/\/assets\/(inspector|palette|shortcut-sheet)-/, (route) => route.abort());
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  await page.keyboard.press("Control+k");
  await expect(page.getByText(/^This part could not be loaded/)).toBeVisible();
  await expect(searchBox(page)).toHaveValue("ada lov");
  await lookUp(page, "grace hop", "Grace Hopper");
});

test("offline every part of the page that was loaded before opens", async ({ page, context }) => {
  const loaded = Promise.all(
    ["inspector", "palette", "shortcut-sheet"].map((part) =>
      page.waitForResponse((response) => response.url().includes(`/assets/${part}-`)),
    ),
  );
  await signIn(page);
  await loaded;
  await context.setOffline(true);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Command palette" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+i");
  await expect(page.getByRole("region", { name: "Inspector" })).toBeVisible();
  await context.setOffline(false);
});

test("a service that went away and comes back: words, the search kept, and on it goes", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  await page.route(`${stack.apiUrl}/**`, (route) => route.abort());
  await searchBox(page).fill("grace hop");
  await expect(page.getByText(/does not answer/)).toBeVisible();
  await expect(connection(page)).toHaveText("Not connected. Trying again.");
  await expect(searchBox(page)).toHaveValue("grace hop");
  await page.unrouteAll();
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" }).first()).toBeVisible({
    timeout: 20_000,
  });
  await expect(connection(page)).toHaveText("Connected");
});

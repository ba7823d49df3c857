import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, lookUp, searchBox, signIn, test } from "../support/fixtures.ts";
import { holdCall } from "../support/held-call.ts";
import { changeUser } from "../support/other-writer.ts";

const USERS = 12_000;
// The field page_size (4) with 200 in it: pages of the list itself are smaller.
const EXPORT_PAGE = Buffer.from([0x20, 0xc8, 0x01]);

test.use({ seedUsers: USERS });

function card(page: Page) {
  return page.getByRole("region", { name: "Export" });
}

/** The lines of the file that a click on the button saves. */
async function exported(page: Page): Promise<string[]> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^users-\d{4}-\d\d-\d\d\.csv$/);
  return (await readFile(await file.path(), "utf8")).split("\r\n").slice(0, -1);
}

test("a large list is written page by page, with count and time left, while one works on", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await page.goto("/?q=&cols=name,id");
  await expect(page.getByText(/^about 1\d,\d{3} users$/)).toBeVisible();
  const held = await holdCall(page, stack, "ListUsers", EXPORT_PAGE);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  await held.made;
  await expect(card(page)).toContainText("Export begins");
  await expect(page.getByRole("button", { name: "Export CSV" })).toBeDisabled();
  // The rest of the list waits, or it could be saved before anybody has looked.
  const rest = await holdCall(page, stack, "ListUsers", EXPORT_PAGE);
  await held.release();
  await rest.made;
  await expect(card(page)).toContainText(/^[\d,]+ of about 1\d,\d{3} users, \d+:\d\d left/);
  await lookUp(page, "grace hop", "Grace Hopper");
  await page.getByRole("link", { name: "Grace Hopper" }).first().click();
  await page.getByRole("link", { name: "Open as a page" }).click();
  await rest.release();
  const file = await download;
  await expect(card(page)).toContainText(`12,000 rows saved as ${file.suggestedFilename()}.`);
  const lines = (await readFile(await file.path(), "utf8")).split("\r\n").slice(0, -1);
  expect(lines[0]).toBe("\ufeffName,Id");
  expect(new Set(lines).size).toBe(USERS + 1);
  await card(page).getByRole("button", { name: "Close the export" }).click();
  await expect(card(page)).toHaveCount(0);
});

test("the file has the rows of the filter and the visible columns, and no formula", async ({
  page,
  stack,
}) => {
  changeUser(stack, "user123", "name", '=HYPERLINK("http://evil.example","Ada")');
  changeUser(stack, "user124", "name", "Grace, Höpper");
  await signIn(page);
  await page.goto("/?q=user12&sort=created&cols=name,id,status");
  await page.getByRole("button", { name: "Status", exact: true }).first().click();
  await page.getByRole("checkbox", { name: "Active" }).check();
  await expect(page).toHaveURL(/status=active/);
  await expect(page.locator("table.results")).toHaveAttribute("aria-busy", "false");
  const lines = await exported(page);
  expect(lines[0]).toBe("\ufeffName,Id,Status");
  expect(lines).toContain(`"'=HYPERLINK(""http://evil.example"",""Ada"")",user123,Active`);
  expect(lines).toContain('"Grace, Höpper",user124,Active');
  const count = page.getByRole("status").filter({ hasText: "matches" });
  await expect(count).toContainText(`${(lines.length - 1).toLocaleString("en")} matches`);
  expect(lines.slice(1).every((line) => /user12\d*,Active$/.test(line))).toBe(true);
  changeUser(stack, "user123", "name", "Ada Lovelace");
  changeUser(stack, "user124", "name", "Grace Hopper");
});

test("an export is cancelled, and nothing is saved", async ({ page, stack }) => {
  await signIn(page);
  await page.goto("/?q=");
  await expect(page.getByRole("rowheader").first()).toBeVisible();
  let downloads = 0;
  page.on("download", () => (downloads += 1));
  const held = await holdCall(page, stack, "ListUsers", EXPORT_PAGE);
  await page.getByRole("button", { name: "Export CSV" }).click();
  await held.made;
  const given = page.waitForEvent("requestfailed");
  await card(page).getByRole("button", { name: "Cancel" }).click();
  expect((await given).url()).toMatch(/\/ListUsers$/);
  await expect(card(page)).toHaveCount(0);
  await held.release();
  await lookUp(page, "grace hop", "Grace Hopper");
  expect(downloads).toBe(0);
  expect(await exported(page)).toHaveLength(2);
});

test("an export outlives tokens and a service that is away for a moment", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await page.goto("/?q=");
  await expect(page.getByRole("rowheader").first()).toBeVisible();
  const held = await holdCall(page, stack, "ListUsers", EXPORT_PAGE);
  const download = page.waitForEvent("download", { timeout: 0 });
  await page.getByRole("button", { name: "Export CSV" }).click();
  await held.made;
  await stack.stopBackend();
  await held.release();
  await expect(card(page)).toContainText("The export goes on by itself.");
  await stack.startBackend();
  await expect(card(page)).toContainText("12,000 rows saved", { timeout: 30_000 });
  const lines = (await readFile(await (await download).path(), "utf8")).split("\r\n");
  expect(lines).toHaveLength(USERS + 2);
  await expect(searchBox(page)).toBeVisible();
});

import { readFile } from "node:fs/promises";
import { copiedBy, pasteInto } from "../support/clipboard.ts";
import { expect, searchBox, signIn, test } from "../support/fixtures.ts";

const list = ["nobody@nowhere.example", "user124", "user9999999", "ADA@analytical.example"];

test("a pasted list tells who was found and who is missing, in its own order", async ({ page }) => {
  await signIn(page);
  await pasteInto(searchBox(page), `${list.join("\r\n")}\r\nuser124\r\n`);
  await expect(page).toHaveURL(/\/many$/);
  await expect(page.getByText("4 lines: 2 found, 2 missing")).toBeVisible();
  const rows = page.getByRole("table", { name: "Result of the lookup" }).getByRole("row");
  await expect(rows.getByRole("rowheader")).toHaveText(list);
  await expect(rows.nth(1)).toContainText("not found");
  await expect(rows.nth(4)).toContainText("Ada Lovelace");
  const missing = await copiedBy(page.getByRole("button", { name: "Copy the missing" }));
  expect(missing).toBe("nobody@nowhere.example\nuser9999999");
  await expect(page.getByText("Copied 2 missing lines.")).toBeAttached();
});

test("the lookup of a list can be exported as it is shown", async ({ page }) => {
  await signIn(page);
  await pasteInto(searchBox(page), list.join("\n"));
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^lookup-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await file.path(), "utf8")).split("\r\n");
  expect(lines).toHaveLength(6);
  expect(lines[0]).toBe("\ufeffLine,Name,Id,E-mail,Status,Last sign-in");
  expect(lines[1]).toBe("nobody@nowhere.example,,,,,");
  expect(lines[4]).toMatch(/^ADA@analytical\.example,Ada Lovelace,user123,ada@analytical/);
});

test("a list survives a reload, the look at one of its users, and the way back", async ({
  page,
}) => {
  await signIn(page);
  await searchBox(page).fill("user123, user124 user9999999");
  await page.getByRole("button", { name: "Look up these 3" }).click();
  const summary = page.getByText("3 lines: 2 found, 1 missing");
  await expect(summary).toBeVisible();
  await page.reload();
  await expect(summary).toBeVisible();
  await page.getByRole("link", { name: "Grace Hopper" }).click();
  await expect(page.getByRole("heading", { name: "Grace Hopper" })).toBeVisible();
  await page.getByRole("button", { name: "Back" }).click();
  await expect(summary).toBeVisible();
  expect(page.url()).not.toContain("user123");
  await page.getByRole("textbox", { name: /one a line/ }).fill("user1\nuser2");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByText("2 lines: 2 found, 0 missing")).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy the missing" })).toHaveCount(0);
});

test("more than a thousand lines are looked up in several calls", async ({ page }) => {
  await signIn(page);
  const calls: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/BatchGetUsers")) {
      calls.push(request.url());
    }
  });
  const keys = Array.from({ length: 2_300 }, (_, index) => `user${index + 1}`);
  await pasteInto(searchBox(page), keys.join("\n"));
  await expect(page.getByText(/^2,300 lines: 1,\d{3} found/)).toBeVisible();
  expect(calls).toHaveLength(3);
  await page.getByRole("button", { name: "Show 500 more" }).click();
  await expect(page.getByRole("rowheader", { name: "user1000", exact: true })).toBeVisible();
});

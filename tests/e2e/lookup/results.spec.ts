import type { Page } from "@playwright/test";
import { copiedBy } from "../support/clipboard.ts";
import { expect, lookUp, searchBox, signIn, test } from "../support/fixtures.ts";
import { changeUser, writeToDatabase } from "../support/other-writer.ts";

function table(page: Page) {
  return page.getByRole("table", { name: /^(All users|Users matching)/ });
}

/** What stands in a column, row by row. */
async function column(page: Page, name: string): Promise<string[]> {
  const headers = await table(page).getByRole("columnheader").allTextContents();
  const cells = table(page).locator(`tbody tr > :nth-child(${headers.indexOf(name) + 1})`);
  return cells.allTextContents();
}

test("every column that the server can sort by says so and sorts up, down and not", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/?q=");
  const header = table(page).getByRole("columnheader", { name: "E-mail" });
  await expect(header).toHaveAttribute("aria-sort", "none");
  await expect(table(page).getByRole("columnheader", { name: "Status" })).not.toHaveAttribute(
    "aria-sort",
  );
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "ascending");
  await expect(page).toHaveURL(/sort=email/);
  await expect(table(page)).toHaveAttribute("aria-busy", "false");
  const up = await column(page, "E-mail");
  expect(up).toEqual(up.toSorted());
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "descending");
  await expect(table(page)).toHaveAttribute("aria-busy", "false");
  const down = await column(page, "E-mail");
  expect(down[0]?.localeCompare(up[0] ?? "")).toBe(1);
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "none");
});

test("more rows come by the button and by j, and the count is that of all", async ({ page }) => {
  await signIn(page);
  await page.goto("/?q=");
  const rows = table(page).getByRole("rowheader");
  await expect(rows).toHaveCount(50);
  await expect(page.getByText(/^2,000 users$/)).toBeVisible();
  await page.getByRole("button", { name: "Show 50 more" }).click();
  await expect(rows).toHaveCount(100);
  await rows.nth(99).getByRole("link").focus();
  await page.keyboard.press("j");
  await expect(rows).toHaveCount(150);
  await page.keyboard.press("j");
  await expect(rows.nth(100).getByRole("link")).toBeFocused();
  const ids = await column(page, "Id");
  expect(new Set(ids).size).toBe(150);
});

test("a key waits only for the rows that fit on the screen, and the others follow", async ({
  page,
}) => {
  await signIn(page);
  const first = page.evaluate(
    () =>
      new Promise<{ rows: number; bottom: number }>((resolve) => {
        const observer = new MutationObserver(() => {
          const rows = document.querySelectorAll("table.results tbody tr");
          const last = rows[rows.length - 1];
          if (last === undefined) return;
          observer.disconnect();
          resolve({ rows: rows.length, bottom: last.getBoundingClientRect().bottom });
        });
        observer.observe(document, { subtree: true, childList: true });
      }),
  );
  await searchBox(page).press("a");
  const { rows, bottom } = await first;
  expect(rows).toBeLessThan(50);
  const area = await page.locator("#results").boundingBox();
  expect(bottom).toBeGreaterThanOrEqual((area?.y ?? Infinity) + (area?.height ?? Infinity));
  await expect(table(page).getByRole("rowheader")).toHaveCount(50);
});

test("filters narrow the list, show what they say, and are dropped one by one", async ({
  page,
  stack,
}) => {
  writeToDatabase(stack, "UPDATE users SET last_sign_in_time = 0 WHERE id = ?", ["user140"]);
  await signIn(page);
  await page.goto("/?q=");
  await page.getByRole("button", { name: "Status" }).click();
  await page.getByRole("checkbox", { name: "Locked" }).check();
  await page.getByRole("checkbox", { name: "Suspended" }).check();
  await page.keyboard.press("Escape");
  const chip = page.getByRole("button", { name: "Status: Suspended, Locked", exact: true });
  await expect(chip).toBeFocused();
  await expect(page).toHaveURL(/status=suspended%2Clocked/);
  await expect
    .poll(async () => new Set(await column(page, "Status")))
    .toEqual(new Set(["Locked", "Suspended"]));
  await page.getByRole("button", { name: "Drop filter Status" }).click();
  await page.getByRole("button", { name: "Role" }).click();
  await page.getByRole("textbox", { name: "Add a role" }).fill("billing");
  await page.getByRole("button", { name: "Add role" }).click();
  await expect
    .poll(async () => (await column(page, "Roles")).every((text) => /billing|\+/.test(text)))
    .toBe(true);
  await expect(page).toHaveURL(/role=billing/);
  await page.getByRole("button", { name: "Drop filter Role" }).click();
  await expect(page).toHaveURL(/\?q=$/);
});

test("people who never signed in, or not for 90 days, can be listed", async ({ page, stack }) => {
  writeToDatabase(stack, "UPDATE users SET last_sign_in_time = 0 WHERE id = ?", ["user140"]);
  await signIn(page);
  await page.goto("/?q=");
  await page.getByRole("button", { name: "Last sign-in", exact: true }).first().click();
  await page.getByRole("radio", { name: "Never" }).check();
  await expect
    .poll(async () => new Set(await column(page, "Last sign-in")))
    .toEqual(new Set(["never"]));
  await page.getByRole("radio", { name: "Not for 90 days" }).check();
  await expect(page).toHaveURL(/signin=dormant-90/);
  await expect
    .poll(async () => (await column(page, "Last sign-in")).join())
    .toMatch(/^(?=.*months? ago|.*year)(?!.*(?:hour|minute|day)s? ago)/);
});

test("a range of days of creation includes both its ends", async ({ page, stack }) => {
  const created = "UPDATE users SET create_time = ? WHERE id = ?";
  writeToDatabase(stack, created, [Date.UTC(2001, 1, 3, 0, 0, 0), "user141"]);
  writeToDatabase(stack, created, [Date.UTC(2001, 1, 4, 23, 59, 59), "user142"]);
  writeToDatabase(stack, created, [Date.UTC(2001, 1, 5, 0, 0, 0), "user143"]);
  await signIn(page);
  await page.goto("/?q=");
  await page.getByRole("button", { name: "Created" }).first().click();
  await page.getByLabel("From").fill("2001-02-03");
  await page.getByLabel("To").fill("2001-02-04");
  await expect(page.getByText(/^2 users$/)).toBeVisible();
  expect((await column(page, "Id")).toSorted()).toEqual(["user141", "user142"]);
});

test("columns are chosen, kept in the address, and kept for the next search", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "ada", "Ada Lovelace");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Locale" }).check();
  await page.getByRole("checkbox", { name: "Roles" }).uncheck();
  const headers = table(page).getByRole("columnheader");
  const chosen = ["Name", "Id", "E-mail", "Status", "Locale", "Last sign-in"];
  await expect(headers).toHaveText(chosen);
  await expect(page).toHaveURL(/cols=name%2Cid%2Cemail%2Cstatus%2Clocale%2Csigned-in/);
  await page.goto("/");
  await lookUp(page, "grace", "Grace Hopper");
  await expect(headers).toHaveText(chosen);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("button", { name: "Usual columns" }).click();
  await expect(headers).toContainText(["Name", "Id", "E-mail", "Status", "Roles"]);
  await expect(page).not.toHaveURL(/cols=/);
});

test("the list is worked through with the keyboard alone", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "user12", "user120");
  await expect(page.getByRole("complementary")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  const rows = table(page).getByRole("rowheader");
  await rows.first().getByRole("link").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(rows.nth(1).getByRole("link")).toBeFocused();
  const second = (await column(page, "Id"))[1] ?? "";
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/users/${second}\\?`));
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/\?q=user12/);
  await expect(rows.nth(1).getByRole("link")).toBeFocused();
  await page.keyboard.press("/");
  await expect(searchBox(page)).toBeFocused();
});

test("an id is copied without opening its user", async ({ page, stack }) => {
  changeUser(stack, "user150", "name", "");
  await signIn(page);
  await lookUp(page, "user150", "No name");
  await page.getByRole("button", { name: "Close user" }).click();
  const copy = page.getByRole("button", { name: "Copy Id user150", exact: true });
  expect(await copiedBy(copy)).toBe("user150");
  await expect(page.getByRole("complementary")).toHaveCount(0);
});

import type { Page } from "@playwright/test";
import { pasteInto } from "../support/clipboard.ts";
import { expect, lookUp, searchBox, signIn, test } from "../support/fixtures.ts";
import { holdCall } from "../support/held-call.ts";
import { changeUser } from "../support/other-writer.ts";

const UUID = "9b2e41c0-5d1f-4a0e-8a46-0f5f4a3f2a11";

function openUser(page: Page, name: string) {
  return page.getByRole("complementary", { name: `User ${name}` });
}

test("a whole id opens its user at once, typed, in quotes or in a link", async ({
  page,
  stack,
}) => {
  changeUser(stack, "user131", "id", UUID);
  await signIn(page);
  await searchBox(page).pressSequentially("user124");
  await expect(openUser(page, "Grace Hopper")).toBeVisible();
  await expect(page).toHaveURL(/\/users\/user124\?q=user124$/);
  await pasteInto(searchBox(page), ` "user123", `);
  await expect(openUser(page, "Ada Lovelace")).toBeVisible();
  await searchBox(page).fill(`https://lookup.example/users/user124?q=whatever`);
  await expect(openUser(page, "Grace Hopper")).toBeVisible();
  await searchBox(page).fill(UUID.toUpperCase());
  await expect(page).toHaveURL(new RegExp(`/users/${UUID}`));
});

test("a whole e-mail address opens its user at once, also out of a mailbox", async ({ page }) => {
  await signIn(page);
  await pasteInto(searchBox(page), "Ada Lovelace <ada@analytical.example>");
  await expect(openUser(page, "Ada Lovelace")).toBeVisible();
  await searchBox(page).fill("GRACE@navy.example");
  await expect(openUser(page, "Grace Hopper")).toBeVisible();
});

test("whoever types a longer id is not interrupted by the shorter ones", async ({ page }) => {
  await signIn(page);
  const opened = new Set<string>();
  page.on("framenavigated", (frame) => {
    const [, id] = /\/users\/([^?]+)/.exec(frame.url()) ?? [];
    if (id !== undefined) opened.add(id);
  });
  await searchBox(page).focus();
  // Key after key, however busy the machine is: somebody who pauses does want the shorter one.
  await page.evaluate(() => {
    for (const key of "user1234") document.execCommand("insertText", false, key);
  });
  await expect(page).toHaveURL(/\/users\/user1234/);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  expect([...opened]).toEqual(["user1234"]);
});

test("results come best first, with what matched marked", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "lov ada", "Ada Lovelace");
  const best = page.getByRole("row").nth(1);
  await expect(best).toContainText("Ada Lovelace");
  await expect(best.getByRole("link").locator("mark")).toHaveText(["Ada", "Lov"]);
  await expect(best.getByRole("cell", { name: "ada@" }).locator("mark")).toHaveText("ada");
  await expect(page.getByText("best first")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(openUser(page, "Ada Lovelace")).toBeVisible();
});

test("Enter in an empty box opens nobody, neither now nor later", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "lov ada", "Ada Lovelace");
  await searchBox(page).fill("");
  await expect(page.getByRole("heading", { name: "Look someone up" })).toBeVisible();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Browse all/ }).click();
  await expect(page.getByRole("table", { name: "All users" })).toHaveAttribute(
    "aria-busy",
    "false",
  );
  await expect(page.getByRole("complementary")).toHaveCount(0);
  await expect(page).toHaveURL(/\/\?q=$/);
});

test("whoever goes on typing does not wait for the best match any more", async ({
  page,
  stack,
}) => {
  await signIn(page);
  const held = await holdCall(page, stack, "ListUsers", "ada");
  await searchBox(page).fill("ada");
  await page.keyboard.press("Enter");
  await held.made;
  await searchBox(page).fill("");
  await expect(page.getByRole("heading", { name: "Look someone up" })).toBeVisible();
  await held.release();
  await lookUp(page, "ada", "Ada Lovelace");
  await expect(page).toHaveURL(/\/\?q=ada$/);
  await expect(page.getByRole("complementary")).toHaveCount(0);
});

test("the answer to an earlier text never stands over that to a later one", async ({
  page,
  stack,
}) => {
  await signIn(page);
  const held = await holdCall(page, stack, "ListUsers", "grace");
  const cancelled = page.waitForEvent("requestfailed", (request) =>
    request.url().endsWith("/ListUsers"),
  );
  await searchBox(page).fill("grace");
  await held.made;
  await lookUp(page, "ada lov", "Ada Lovelace");
  await cancelled;
  await held.release();
  await lookUp(page, "lovelace", "Ada Lovelace");
  await expect(page.getByRole("row").filter({ hasText: "Grace" })).toHaveCount(0);
  await expect(page.getByRole("table", { name: /“lovelace”/ })).toBeVisible();
});

test("what a text is taken for can be seen and changed", async ({ page }) => {
  await signIn(page);
  const kind = page.getByRole("combobox", { name: "Search as" });
  for (const [text, label] of [
    ["user12", "Id"],
    ["ada@", "Name"],
    ["ada@analytical", "E-mail"],
    ["ada", "Name"],
  ] as const) {
    await searchBox(page).fill(text);
    await expect(kind.getByRole("option", { selected: true })).toHaveText(label);
  }
  await searchBox(page).fill("analytical");
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" })).toBeVisible();
  await kind.selectOption("Only names");
  await expect(page.getByText("Only names were searched.")).toBeVisible();
  await expect(page).toHaveURL(/as=name/);
  await page.getByRole("button", { name: "Search everywhere" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" })).toBeVisible();
  await kind.selectOption("Only e-mails");
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" })).toBeVisible();
  await searchBox(page).fill("user123");
  await expect(kind.getByRole("option", { selected: true })).toHaveText("Id");
});

test("a choice is kept for a text that was typed a moment ago", async ({ page }) => {
  await signIn(page);
  await searchBox(page).focus();
  // In one go, before the address can follow: between two of its changes there is a pause.
  await page.evaluate(async () => {
    const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));
    document.execCommand("insertText", false, "ada@analytical");
    await painted();
    document.execCommand("selectAll");
    document.execCommand("insertText", false, "analytical");
    await painted();
    const kind = document.querySelector<HTMLSelectElement>("select.kind");
    if (kind === null) throw new Error("There is nothing to choose.");
    kind.value = "name";
    kind.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await expect(page).toHaveURL(/q=analytical&as=name$/);
  await expect(page.getByText("Only names were searched.")).toBeVisible();
});

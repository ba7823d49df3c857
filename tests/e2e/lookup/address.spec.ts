import type { Page } from "@playwright/test";
import { pasteInto } from "../support/clipboard.ts";
import { expect, lookUp, searchBox, signIn, test } from "../support/fixtures.ts";

const shared =
  "/users/user1999?q=a&status=active%2Csuspended&sort=-created&cols=name%2Cid%2Cstatus%2Ccreated";

function openUser(page: Page) {
  return page.getByRole("complementary");
}

test("a shared link opens the same view, even for a user beyond the first page", async ({
  page,
  context,
}) => {
  await signIn(page);
  await page.goto(shared);
  const other = await context.newPage();
  await other.goto(page.url());
  for (const each of [page, other]) {
    await expect(openUser(each).getByText("user1999").first()).toBeVisible();
    await expect(searchBox(each)).toHaveValue("a");
    await expect(
      each.getByRole("button", { name: "Status: Active, Suspended", exact: true }),
    ).toBeVisible();
    await expect(each.getByRole("columnheader")).toHaveText(["Name", "Id", "Status", "Created"]);
    await expect(each.getByRole("columnheader", { name: "Created" })).toHaveAttribute(
      "aria-sort",
      "descending",
    );
    await expect(each.getByRole("cell", { name: "user1999" })).toHaveCount(0);
  }
});

test("a shared link is opened after the sign-in that it needs", async ({ page }) => {
  await page.goto(shared);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^support/ }).click();
  await expect(openUser(page).getByText("user1999").first()).toBeVisible();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(shared);
});

test("Back and Forward go through searches, filters, sorts and open users", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "ada", "Ada Lovelace");
  await page.getByRole("button", { name: "Last sign-in" }).last().click();
  await expect(page).toHaveURL(/sort=signed-in/);
  await page.getByRole("button", { name: "Status" }).click();
  await page.getByRole("checkbox", { name: "Active" }).check();
  await page.getByRole("link", { name: "Ada Lovelace" }).first().click();
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await lookUp(page, "grace hop", "Grace Hopper");
  await expect(openUser(page)).toHaveCount(0);

  await page.goBack();
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await expect(searchBox(page)).toHaveValue("ada");
  await page.goBack();
  await expect(openUser(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Status: Active", exact: true })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("button", { name: "Status", exact: true })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/\?q=ada$/);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Look someone up" })).toBeVisible();
  await expect(searchBox(page)).toHaveValue("");
  for (let steps = 0; steps < 5; steps++) await page.goForward();
  await expect(searchBox(page)).toHaveValue("grace hop");
});

test("one typed search is one step back, and the next one is another", async ({ page }) => {
  await signIn(page);
  await searchBox(page).pressSequentially("ada lovel", { delay: 60 });
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" })).toBeVisible();
  await page.keyboard.press("Tab");
  await searchBox(page).fill("grace");
  await expect(page).toHaveURL(/q=grace/);
  await page.goBack();
  await expect(searchBox(page)).toHaveValue("ada lovel");
  await page.goBack();
  await expect(searchBox(page)).toHaveValue("");
});

test("nothing that was typed is lost by what comes next, however soon it comes", async ({
  page,
}) => {
  await signIn(page);
  await searchBox(page).pressSequentially("ada lovel");
  await searchBox(page).blur();
  expect(new URL(page.url()).searchParams.get("q")).toBe("ada lovel");
  await searchBox(page).focus();
  await page.keyboard.type("grace h");
  await pasteInto(searchBox(page), "user1\nuser2");
  await expect(page.getByText("2 lines: 2 found, 0 missing")).toBeVisible();
  await page.goBack();
  await expect(searchBox(page)).toHaveValue("grace h");
  await page.goBack();
  await expect(searchBox(page)).toHaveValue("ada lovel");
});

test("Back returns to the place in a long list", async ({ page }) => {
  await signIn(page);
  await page.goto("/?q=");
  await page.getByRole("button", { name: "Show 50 more" }).click();
  const row = page.getByRole("rowheader").nth(80);
  await row.scrollIntoViewIfNeeded();
  await row.getByRole("link").click();
  await page.getByRole("link", { name: "Open as a page" }).click();
  await expect(page).toHaveURL(/\/users\/[^?]+$/);
  await page.getByRole("button", { name: "Back" }).click();
  await expect(row).toBeInViewport();
  await lookUp(page, "a", "a");
  await expect(page.getByRole("rowheader").first()).toBeInViewport();
});

test("an address that cannot be understood still opens, and one that leads nowhere says so", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/?q=ada&status=purple&sort=phone&cols=,&from=31.12.&signin=dormant-x&as=%");
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" }).first()).toBeVisible();
  await page.goto("/users/");
  await expect(page.getByText("There is no such page")).toBeVisible();
});

test("a new address fetches no icon from the site again", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const cdp = await page.context().newCDPSession(page);
  const fromCache = new Set<string>();
  const fetched: string[] = [];
  cdp.on("Network.requestServedFromCache", ({ requestId }) => void fromCache.add(requestId));
  cdp.on("Network.responseReceived", ({ requestId, response }) => {
    const isCached = response.fromDiskCache === true || fromCache.has(requestId);
    if (response.mimeType === "image/svg+xml" && !isCached) fetched.push(response.url);
  });
  await cdp.send("Network.enable");
  for (const text of ["m", "ma", "mar", "grace"]) {
    await searchBox(page).fill(text);
    await expect(page).toHaveURL(new RegExp(`q=${text}$`));
    await expect(page.getByRole("table", { name: `“${text}”` })).toBeVisible();
  }
  expect(fetched).toEqual([]);
});

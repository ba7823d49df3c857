import type { Page } from "@playwright/test";
import { expect, signIn, test } from "../support/fixtures.ts";
import { ageSignIns } from "../support/other-writer.ts";
import type { Stack } from "../support/stack.ts";

/** Resolves when the page has a token of somebody who has signed in ten minutes ago. */
async function ageSignIn(page: Page, stack: Stack): Promise<void> {
  // A watch ends with its token and goes on with the next one, which may have been there
  // already, or under way: then the issuer has put what it read before over what was aged.
  for (let watches = 0; watches < 3; watches++) {
    ageSignIns(stack);
    await page.waitForRequest((request) => request.url().endsWith("/WatchUser"));
  }
}

test("contact details are shown after a new sign-in, with scroll, filter and open user as they were", async ({
  page,
  stack,
}) => {
  await signIn(page, "supervisor");
  await page.goto("/?q=&status=active&sort=email");
  await page.getByRole("button", { name: "Show 50 more" }).click();
  const row = page.getByRole("rowheader").nth(70);
  await row.scrollIntoViewIfNeeded();
  await row.getByRole("link").click();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const scroll = () => page.locator("#results").evaluate((list) => list.scrollTop);
  const before = { url: page.url(), scroll: await scroll() };
  expect(before.scroll).toBeGreaterThan(500);
  await ageSignIn(page, stack);

  await page.getByRole("button", { name: "Show contact details" }).click();
  await expect(page.getByText("after you confirm it is you")).toBeVisible();
  const opened = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Confirm it is you" }).click();
  const tab = await opened;
  await tab.getByRole("button", { name: /^supervisor/ }).click();
  const contact = page.getByRole("region", { name: "Contact" });
  await expect(contact.getByText(/^\+\d/)).toBeVisible();
  await expect.poll(() => tab.isClosed()).toBe(true);
  expect({ url: page.url(), scroll: await scroll() }).toEqual(before);
  await expect(row).toBeInViewport();

  await contact.getByRole("button", { name: "Hide" }).click();
  await expect(contact.getByText(/^\+\d/)).toHaveCount(0);
  expect(await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toMatch(
    /phone|\+\d{6}/i,
  );
});

test("who may not see contact details is told so, and can ask", async ({ page }) => {
  await signIn(page, "support");
  await page.goto("/users/user123");
  await page.getByRole("button", { name: "Show contact details" }).click();
  const contact = page.getByRole("region", { name: "Contact" });
  await expect(contact.getByRole("alert")).toContainText("may not see contact details");
  await expect(contact.getByRole("alert")).toContainText("PERMISSION_DENIED");
  await expect(contact.getByRole("button", { name: "Ask for permission" })).toBeVisible();
});

import type { Page } from "@playwright/test";
import { launchOptions } from "../support/launch-options.ts";
import { expect, searchBox, signIn, test } from "./support/fixtures.ts";
import { openInspector } from "./support/people.ts";
import type { Stack } from "./support/stack.ts";

test.use({
  launchOptions: {
    ...launchOptions,
    // Playwright switches it off; people have it.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  },
});

test("until the page has left for the issuer, nobody is offered to sign in", async ({
  page,
  stack,
}) => {
  await signIn(page);
  const held = await holdRevocation(page, stack);
  const inspector = await openInspector(page);
  await inspector.getByRole("button", { name: "Sign out" }).click();
  await expect(leaving(page)).toBeVisible();
  await held.asked;
  await expect(leaving(page)).toBeVisible();
  await expect(entrance(page)).toHaveCount(0);
  held.answer();
  await expect(entrance(page)).toBeVisible();
  // The issuer knows nobody any more, so it asks who signs in.
  await signIn(page, "supervisor");
  await expect(page.getByRole("button", { name: "Account of supervisor" })).toBeVisible();
});

test("offline the page stays, and offers to sign in", async ({ page, context }) => {
  await signIn(page);
  await context.setOffline(true);
  await signOut(page);
  await expect(entrance(page)).toBeVisible();
  await expect(leaving(page)).toBeHidden();
});

test("a page that Back brings here again offers to sign in", async ({ page, stack }) => {
  await signIn(page);
  // The callback is never kept, so it does not come back as it was.
  await page.goto("/");
  await expect(searchBox(page)).toBeVisible();
  await page.evaluate(() => Object.assign(window, { kept: true }));
  await page.route(`${stack.issuerUrl}/**/end*`, (route) =>
    route.fulfill({ contentType: "text/html", body: "Here the issuer asks." }),
  );
  await signOut(page);
  await expect(page.getByText("Here the issuer asks.")).toBeVisible();
  await page.evaluate(() => history.back()).catch(() => undefined);
  await page.waitForURL(`${stack.dashboardUrl}/`, { waitUntil: "commit" });
  await expect(entrance(page)).toBeVisible();
  expect(await page.evaluate(() => "kept" in window)).toBe(true);
});

test("a page that Back brings here from the issuer offers to sign in", async ({ page, stack }) => {
  await page.goto("/");
  await entrance(page).click();
  await expect(page.getByRole("button", { name: /^support/ })).toBeVisible();
  await page.evaluate(() => history.back()).catch(() => undefined);
  await page.waitForURL(`${stack.dashboardUrl}/`, { waitUntil: "commit" });
  await expect(entrance(page)).toHaveAttribute("aria-disabled", "false");
});

function entrance(page: Page) {
  return page.getByRole("button", { name: "Sign in", exact: true });
}

function leaving(page: Page) {
  return page.getByRole("status").filter({ hasText: "Signing you out" });
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
}

/** Keeps the answer to the revocation back. */
async function holdRevocation(page: Page, stack: Stack) {
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  await page.route(`${stack.issuerUrl}/token/revocation`, async (route) => {
    asked.resolve();
    await answered.promise;
    await route.continue().catch(() => undefined);
  });
  return { asked: asked.promise, answer: () => answered.resolve() };
}

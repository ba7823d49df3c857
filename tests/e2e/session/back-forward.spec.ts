import type { Page } from "@playwright/test";
import { launchOptions } from "../../support/launch-options.ts";
import {
  events,
  expect,
  expectState,
  getUser,
  openTab,
  patience,
  signIn,
  signOut,
  snapshot,
  test,
  userName,
} from "./support/session.ts";

test.use({
  launchOptions: {
    ...launchOptions,
    // Playwright switches it off; people have it.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  },
});
test.describe.configure({ timeout: 120_000 });

test("a page from the back/forward cache renews what expired meanwhile", async ({
  page,
  stack,
}) => {
  await signIn(page);
  // The callback is never stored, so it does not come back from a cache either.
  await openTab(page);
  const { expiresAt = 0 } = await snapshot(page);
  expect(await getUser(page)).toBe(userName);
  await leave(page, stack.issuerUrl);
  await expect.poll(() => Date.now(), patience).toBeGreaterThan(expiresAt);
  await back(page);
  await expect.poll(() => cameBack(page), patience).toBe("from the cache");
  // Nobody has called since: coming back is what renews.
  await expect.poll(() => newTokens(page), patience).toBeGreaterThan(0);
  await expectState(page, "signed-in");
  expect(await getUser(page)).toBe(userName);
});

test("a page from the back/forward cache notices that the person has signed out", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  await openTab(page);
  const other = await openTab(await context.newPage());
  await leave(page, stack.issuerUrl);
  await signOut(other);
  await back(page);
  await expectState(page, "signed-out");
  expect(await getUser(page)).toBe("Unauthenticated: signed-out");
});

declare global {
  interface Window {
    cameBack?: string;
  }
}

async function leave(page: Page, issuerUrl: string): Promise<void> {
  await page.evaluate(() => {
    addEventListener("pageshow", ({ persisted }) => {
      window.cameBack = persisted ? "from the cache" : "anew";
    });
  });
  await page.goto(`${issuerUrl}/.well-known/openid-configuration`);
}

async function back(page: Page): Promise<void> {
  // The context of the script goes away with its page.
  await page.evaluate(() => history.back()).catch(() => undefined);
  // A page from the cache is not loaded, so it never says that it was.
  await page.waitForURL(/\/$/, { waitUntil: "commit" });
}

async function newTokens(page: Page): Promise<number> {
  return (await events(page)).filter(({ type }) => type === "renewed").length;
}

function cameBack(page: Page): Promise<string | undefined> {
  return page.evaluate(() => window.cameBack);
}

import type { BrowserContext, Page } from "@playwright/test";
import type { CounterValues } from "../../../../src/backend/issuer/demo/counters.ts";
import type { SessionEvent, SessionSnapshot } from "../../../../src/lib/core/index.ts";
import { expect, patience, test as base } from "../../support/fixtures.ts";
import { startStack } from "../../support/stack.ts";
import type { Stack } from "../../support/stack.ts";
import type { HarnessOptions } from "../harness/harness.ts";
import { buildPage } from "../../../support/build-page.ts";

/** The name of the user that the harness looks up. */
export const userName = "Ada Lovelace";

/** A test with the real backend and the harness instead of the dashboard. */
export const test = base.extend<object, { readonly stack: Stack }>({
  stack: [
    async ({ accessTokenTtlSeconds }, use) => {
      const page = await buildPage("tests/e2e/session/harness");
      const stack = await startStack({
        accessTokenTtlSeconds,
        seedUsers: 200,
        siteRoot: page.root,
      });
      await use(stack);
      await stack.close();
      await page.remove();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

export { expect, patience };

/** Chooses options for every page of the context that is loaded from now on. */
export async function configure(context: BrowserContext, options: HarnessOptions): Promise<void> {
  await context.addInitScript((chosen) => {
    window.harnessOptions = chosen;
  }, options);
}

/** Opens the harness and waits until its session is known. */
export async function openTab(page: Page, path = "/"): Promise<Page> {
  await page.goto(path);
  await expect(page.getByRole("status")).not.toHaveText("loading", patience);
  return page;
}

/** Opens more tabs of the same browser. */
export async function openTabs(context: BrowserContext, count: number): Promise<Page[]> {
  const tabs: Page[] = [];
  while (tabs.length < count) tabs.push(await openTab(await context.newPage()));
  return tabs;
}

/** Signs in from the harness. */
export async function signIn(page: Page, person = "support"): Promise<void> {
  await openTab(page);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await choosePerson(page, person);
  await expectState(page, "signed-in");
}

/** Signs in on the issuer's page. */
export async function choosePerson(page: Page, person: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`^${person}`) }).click(patience);
}

/** Signs out, and waits until the page is back from the issuer. */
export async function signOut(page: Page): Promise<void> {
  const home = new URL("/", page.url()).href;
  const back = page.waitForEvent("framenavigated", {
    predicate: (frame) => frame.url() === home,
    ...patience,
  });
  await page.getByRole("button", { name: "Sign out" }).click();
  await back;
  await expectState(page, "signed-out");
}

/** Waits for a state of the session, as the page shows it. */
export async function expectState(page: Page, state: SessionSnapshot["state"]): Promise<void> {
  await expect(page.getByRole("status")).toHaveText(state, patience);
}

/** What the session looks like. */
export function snapshot(page: Page): Promise<SessionSnapshot> {
  return page.evaluate(() => window.harness.session.getSnapshot());
}

/** What has happened in the session since the page was loaded. */
export function events(page: Page): Promise<readonly SessionEvent[]> {
  return page.evaluate(() => window.harness.events);
}

/** Looks a user up: the name, or how the call failed. */
export function getUser(page: Page): Promise<string> {
  return page.evaluate(() => window.harness.getUser());
}

/** Waits until the access token has expired, with nobody asking for it. */
export async function expireToken(page: Page): Promise<void> {
  const left = () =>
    page.evaluate(() => (window.harness.session.getSnapshot().expiresAt ?? 0) - Date.now());
  await expect.poll(left, patience).toBeLessThan(0);
}

/** What the issuer has counted since the last reset. */
export function counters(stack: Stack): Promise<CounterValues> {
  return stack.demo<CounterValues>("counters");
}

/** Sets the issuer's counters to zero. */
export async function resetCounters(stack: Stack): Promise<void> {
  await stack.demo("counters/reset", {});
}

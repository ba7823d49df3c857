import type { Page } from "@playwright/test";
import { expect as expectPage } from "@playwright/test";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { watchTraffic } from "../../e2e/support/api-traffic.ts";
import type { ApiTraffic } from "../../e2e/support/api-traffic.ts";
import { startBrowser } from "../support/browser.ts";
import type { TestBrowser } from "../support/browser.ts";
import type { Feature } from "../support/peer.ts";
import { clockSkewSeconds } from "../support/user-service.ts";
import { createAdmin } from "./admin.ts";
import { endpoint } from "./authorization.ts";
import { contactMaxAgeSeconds } from "./stand.ts";
import type { Stand } from "./stand.ts";

const searchBox = (page: Page) => page.getByRole("searchbox", { name: "Search users" });

/** The dashboard's production build in Chromium, under its own headers, with Keycloak's own pages. */
export function dashboardFeatures(stand: () => Stand, feature: Feature): void {
  let browser: TestBrowser;
  let page: Page;
  let traffic: ApiTraffic;
  let signedInAt = 0;
  beforeAll(async () => {
    browser = await startBrowser(stand().siteOrigin);
    page = await browser.context.newPage();
    traffic = watchTraffic(page, stand().users.url);
  });
  afterAll(() => browser.close());

  feature("the dashboard signs in at Keycloak's own page", async () => {
    await page.goto(stand().siteOrigin);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await signInAtKeycloak(page, "supervisor");
    signedInAt = Date.now();
    await expectPage(searchBox(page)).toBeVisible();
    await lookUp(page, "ada lov", "Ada Lovelace");
    expect(page.url()).not.toContain("code=");
  });

  feature(
    "the dashboard crosses five expiries of 10-second tokens without a failed call",
    async () => {
      const nextQuery = freshQueries();
      const before = traffic.distinctTokens();
      // Each token is replaced before it expires: the sixth one outlives five.
      while (traffic.distinctTokens() < before + 6) await search(page, nextQuery());
      await traffic.settled();
      expect(traffic.failures).toEqual([]);
      expect(traffic.answered()).toBeGreaterThan(10);
    },
    { timeoutMs: 180_000 },
  );

  feature("a sign-in that is too old is done again for contact details (RFC 9470)", async () => {
    const tooOldMs = 1000 * (contactMaxAgeSeconds + clockSkewSeconds);
    await vi.waitUntil(() => Date.now() > signedInAt + tooOldMs, { timeout: 2 * tooOldMs });
    await page.goto(`${stand().siteOrigin}/users/user123`);
    const reveal = page.getByRole("button", { name: "Show contact details" });
    await reveal.click();
    const tab = await openedBy(page, () =>
      page.getByRole("button", { name: "Confirm it is you" }).click(),
    );
    // Keycloak knows who it is, and asks for the password alone.
    await tab.getByLabel("Password", { exact: true }).fill("supervisor");
    await tab.getByRole("button", { name: "Sign In" }).click();
    await expectPage(page.getByText(/^\+\d/)).toBeVisible({ timeout: 20_000 });
  });

  feature(
    "a session that Keycloak's administrator ends leaves page and input, and goes on after a sign-in",
    async () => {
      await page.goto(stand().siteOrigin);
      await lookUp(page, "ada lov", "Ada Lovelace");
      const admin = await createAdmin(stand().keycloak);
      await admin.endSessions("supervisor");
      const again = page.getByRole("button", { name: "Sign in again" });
      await expectPage(async () => {
        await searchBox(page).fill("grace hop");
        await searchBox(page).fill("ada lov");
        await expectPage(again).toBeVisible({ timeout: 1_000 });
      }).toPass({ timeout: 40_000 });
      await expectPage(searchBox(page)).toHaveValue("ada lov");
      const tab = await openedBy(page, () => again.click());
      await signInAtKeycloak(tab, "supervisor");
      await expectPage(again).toBeHidden({ timeout: 20_000 });
      await expectPage(searchBox(page)).toHaveValue("ada lov");
      await lookUp(page, "grace hop", "Grace Hopper");
    },
    { timeoutMs: 90_000 },
  );

  feature("a sign-out ends Keycloak's session and comes back", async () => {
    await signOut(page);
    await expectSignedOut(page);
    const admin = await createAdmin(stand().keycloak);
    expect(await admin.countSessions("supervisor")).toBe(0);
  });

  feature(
    "a sign-out from one of several apps is asked about at Keycloak, and comes back",
    async () => {
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await signInAtKeycloak(page, "supervisor");
      await expectPage(searchBox(page)).toBeVisible();
      await openAnotherApp(await browser.context.newPage(), stand());
      await signOut(page);
      await page.getByRole("button", { name: "Logout" }).click();
      await expectSignedOut(page);
      const admin = await createAdmin(stand().keycloak);
      expect(await admin.countSessions("supervisor")).toBe(0);
    },
    {
      deviation:
        "Without an `id_token_hint` Keycloak asks the person before it ends a session that other apps use as well. With `idTokenHint: true` in `config.json`, or as an option of `createBrowserSession`, it does not; the default keeps the ID token out of addresses.",
    },
  );

  feature("no violation of the policy or of Trusted Types, no error of the page", () => {
    const { violations, pageErrors } = browser;
    expect({ violations, pageErrors }).toEqual({ violations: [], pageErrors: [] });
  });
}

async function signInAtKeycloak(page: Page, name: string): Promise<void> {
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Sign In" }).click();
}

/** Signs in to a second app of the realm, where Keycloak knows the person already. */
async function openAnotherApp(tab: Page, { keycloak, siteOrigin }: Stand): Promise<void> {
  const redirectUri = `${siteOrigin}/another-app`;
  const query = new URLSearchParams({
    client_id: "another-app",
    response_type: "code",
    scope: "openid",
    redirect_uri: redirectUri,
  });
  await tab.goto(`${endpoint(keycloak, "auth")}?${query}`);
  await tab.waitForURL(`${redirectUri}?*`);
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
}

async function expectSignedOut(page: Page): Promise<void> {
  const signIn = page.getByRole("button", { name: "Sign in", exact: true });
  await expectPage(signIn).toBeVisible({ timeout: 20_000 });
}

async function openedBy(page: Page, act: () => Promise<void>): Promise<Page> {
  const [opened] = await Promise.all([page.context().waitForEvent("page"), act()]);
  return opened;
}

async function lookUp(page: Page, query: string, name: string): Promise<void> {
  await searchBox(page).fill(query);
  const row = page.getByRole("row").filter({ hasText: name }).first();
  await expectPage(row).toBeVisible({ timeout: 15_000 });
}

/** Searches, and waits until the answer to this very search is shown. */
async function search(page: Page, query: string): Promise<void> {
  await searchBox(page).fill(query);
  const table = page.getByRole("table", { name: `Users matching “${query}”` });
  const nobody = page.getByText(`Nobody matches “${query}”`);
  await expectPage(table.or(nobody)).toBeVisible({ timeout: 15_000 });
}

/** Searches that were never made before, so that each is a call. */
function freshQueries(): () => string {
  let made = 0;
  return () => {
    const number = made++;
    const [a, b] = [number % 26, Math.floor(number / 26) % 26];
    return String.fromCharCode(97 + a, 97 + b, 97 + ((a + b) % 26));
  };
}

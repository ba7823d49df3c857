import type { BrowserContext, Page } from "@playwright/test";
import {
  events,
  expect,
  expectState,
  expireToken,
  getUser,
  openTab,
  patience,
  signIn,
  signOut,
  test,
  userName,
} from "./support/session.ts";
import type { Stack } from "../support/stack.ts";
import { readDatabases } from "./support/stored.ts";

test.describe.configure({ timeout: 120_000 });

test("in a whole life no token is seen but in the Authorization header", async ({
  page,
  context,
  stack,
}) => {
  const secrets = collectSecrets(context, stack);
  const seen = collectTraces(context);
  const listener = await openTab(await context.newPage());
  await listen(listener, stack.issuerUrl);
  const look = async () => void seen.push(JSON.stringify(await lookAround(page)));

  await signIn(page);
  await look();
  expect(await getUser(page)).toBe(userName);
  for (let renewal = 0; renewal < 2; renewal++) {
    await expireToken(page);
    expect(await getUser(page)).toBe(userName);
    await look();
  }
  await stack.demo("revoke", {});
  await expect.poll(() => getUser(page), patience).toBe("Unauthenticated: interaction-required");
  await look();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expectState(page, "signed-in");
  await look();
  seen.push(JSON.stringify(await page.evaluate(() => window.harness.events)));
  await signOut(page);
  await look();
  seen.push(JSON.stringify(await listener.evaluate(() => window.heard)));

  // Two sign-ins and two renewals: an access and a refresh token each, and ID tokens.
  await expect.poll(() => secrets().length).toBeGreaterThanOrEqual(10);
  expect(seen.length).toBeGreaterThan(10);
  const everything = seen.join("\n");
  expect(everything).toContain("tokens-changed");
  expect(secrets().filter((secret) => everything.includes(secret))).toEqual([]);
});

declare global {
  interface Window {
    heard: unknown[];
  }
}

/** The tokens that the issuer has given out. */
function collectSecrets(context: BrowserContext, stack: Stack): () => readonly string[] {
  const secrets: string[] = [];
  context.on("response", (response) => {
    if (response.url() !== `${stack.issuerUrl}/token` || response.status() !== 200) return;
    void response.json().then((answer: Record<string, string>) => {
      for (const name of ["access_token", "refresh_token", "id_token"]) {
        const token = answer[name];
        if (token !== undefined) secrets.push(token);
      }
    });
  });
  return () => secrets;
}

/** Every address that was asked for or shown, and every line on the console. */
function collectTraces(context: BrowserContext): string[] {
  const seen: string[] = [];
  context.on("request", (request) => seen.push(request.url()));
  context.on("console", (message) => seen.push(message.text()));
  context.on("page", (page) => {
    page.on("framenavigated", (frame) => seen.push(frame.url()));
  });
  return seen;
}

/** Hears what tabs announce to each other. */
async function listen(page: Page, issuer: string): Promise<void> {
  await page.evaluate((url) => {
    window.heard = [];
    const channel = new BroadcastChannel(`connectrpc-oauth user-lookup ${url}`);
    channel.addEventListener("message", (event) => window.heard.push(event.data));
  }, issuer);
}

/** Everything that a script, an extension or a copy of the profile could read in this page. */
async function lookAround(page: Page): Promise<unknown> {
  const databases = await readDatabases(page);
  expect(databases.flatMap(({ extractable }) => extractable)).not.toContain(true);
  const inPage = await page.evaluate(() => ({
    address: location.href,
    localStorage: Object.entries(localStorage),
    sessionStorage: Object.entries(sessionStorage),
    history: history.state as unknown,
    snapshot: window.harness.session.getSnapshot(),
    document: document.documentElement.outerHTML,
    cookies: document.cookie,
  }));
  expect(inPage.localStorage).toEqual([]);
  expect(inPage.sessionStorage).toEqual([]);
  return { databases, inPage, events: await events(page) };
}

import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { buildPage } from "../../support/build-page.ts";
import { startStack } from "../support/stack.ts";
import {
  choosePerson,
  counters,
  expect,
  patience,
  resetCounters,
  test as base,
} from "./support/session.ts";

const example = "examples/react-oidc-context";

// What an app outside of this repository finds in its node_modules.
const installed = {
  "connectrpc-oauth/browser": resolve("src/lib/browser/index.ts"),
  "connectrpc-oauth": resolve("src/lib/core/index.ts"),
  "react-oidc-context": resolve("tests/peers/node_modules/react-oidc-context"),
};

const test = base.extend({
  stack: [
    async ({ accessTokenTtlSeconds }, provide) => {
      const page = await buildPage(example, installed);
      const options = { accessTokenTtlSeconds, seedUsers: 200, siteRoot: page.root };
      const stack = await startStack(options);
      await provide(stack);
      await stack.close();
      await page.remove();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

test.describe.configure({ timeout: 120_000 });

const found = "User: user123, Name: Ada Lovelace";

test("the example compiles", async () => {
  const tsc = resolve("node_modules/.bin/tsc");
  await expect(promisify(execFile)(tsc, ["-p", example])).resolves.toMatchObject({ stdout: "" });
});

test("an app with react-oidc-context calls on across an expiry, in all its tabs", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  await lookUp(page);
  const other = await context.newPage();
  await other.goto("/");
  await lookUp(other);
  const before = await accessToken(page);
  await expect.poll(() => isExpired(page), patience).toBe(true);
  await resetCounters(stack);
  await Promise.all([lookUp(page), lookUp(other)]);
  expect(await counters(stack)).toMatchObject({ refreshes: 1, reuseDetections: 0 });
  expect(await accessToken(page)).not.toBe(before);
  expect(await accessToken(other)).toBe(await accessToken(page));
});

test("the first call may come in the moment of the sign-in", async ({ page }) => {
  await page.addInitScript(() => {
    // Presses the button as soon as it is there.
    new MutationObserver(() => {
      const button = [...document.querySelectorAll("button")].find(
        ({ textContent }) => textContent === "Look up",
      );
      if (button === undefined || button.dataset["pressed"] !== undefined) return;
      button.dataset["pressed"] = "";
      button.click();
    }).observe(document, { childList: true, subtree: true });
  });
  await signIn(page);
  await expect(page.getByRole("status")).toHaveText(found, patience);
});

test("a revoked session asks for a new sign-in, and goes on after it", async ({ page, stack }) => {
  await signIn(page);
  await stack.demo("revoke", {});
  await expect.poll(() => isExpired(page), patience).toBe(true);
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("button", { name: "Sign in again" }).click(patience);
  await expect(page.getByText("Signed in as")).toBeVisible(patience);
  await lookUp(page);
});

test("the app's own sign-out ends the session in every tab", async ({ page, context }) => {
  await signIn(page);
  const other = await context.newPage();
  await other.goto("/");
  await lookUp(other);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible(patience);
  await expect(other.getByRole("button", { name: "Sign in", exact: true })).toBeVisible(patience);
});

async function signIn(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await choosePerson(page, "support");
  await expect(page.getByText("Signed in as")).toBeVisible(patience);
}

async function lookUp(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Look up" }).click();
  await expect(page.getByRole("status")).toHaveText(found, patience);
}

function storedUser(page: Page): Promise<{ access_token: string; expires_at: number }> {
  return page.evaluate(() => {
    const name = Object.keys(localStorage).find((key) => key.startsWith("oidc.user:"));
    return JSON.parse(localStorage.getItem(name ?? "") ?? "{}") as never;
  });
}

async function accessToken(page: Page): Promise<string> {
  return (await storedUser(page)).access_token;
}

async function isExpired(page: Page): Promise<boolean> {
  return (await storedUser(page)).expires_at * 1000 < Date.now();
}

import type { Page } from "@playwright/test";
import { expect, lookUp, searchBox, signIn, test } from "./support/fixtures.ts";
import { watchTraffic } from "./support/api-traffic.ts";
import type { Counters } from "./support/stack.ts";

/** Searches that were never made before, so that each is a call. */
function freshQueries(): () => string {
  let made = 0;
  return () => {
    const number = made++;
    return String.fromCharCode(97 + (number % 26), 97 + (Math.floor(number / 26) % 26));
  };
}

/** Searches, and waits until the answer to this very search is shown. */
async function search(page: Page, query: string): Promise<void> {
  await searchBox(page).fill(query);
  const table = page.getByRole("table", { name: `Users matching “${query}”` });
  const nobody = page.getByText(`Nobody matches “${query}”`);
  await expect(table.or(nobody)).toBeVisible();
}

test("15 seconds of lookups cross token lives without one failed call", async ({ page, stack }) => {
  await stack.demo("counters/reset", {});
  const traffic = watchTraffic(page, stack.apiUrl);
  const nextQuery = freshQueries();
  await signIn(page);
  const until = Date.now() + 15_000;
  while (Date.now() < until) await search(page, nextQuery());
  await traffic.settled();
  expect(traffic.failures).toEqual([]);
  expect(traffic.answered()).toBeGreaterThan(5);
  expect(traffic.distinctTokens()).toBeGreaterThanOrEqual(3);
  // A token that was renewed in the background is served with the next call.
  await expect
    .poll(async () => {
      await search(page, nextQuery());
      return (await issued(stack)) - traffic.distinctTokens();
    })
    .toBe(0);
});

test("a token endpoint that answers 503 for 10 seconds signs nobody out", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  await stack.demo("trouble", { token: "unavailable", forMs: 10_000 });
  const until = Date.now() + 11_000;
  while (Date.now() < until) {
    await searchBox(page).fill("grace hop");
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toHaveCount(0);
    await searchBox(page).fill("ada lov");
    await expect(searchBox(page)).toHaveValue("ada lov");
  }
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" }).first()).toBeVisible();
  await lookUp(page, "grace hop", "Grace Hopper");
});

test("a backend that was stopped and started again goes on without a new sign-in", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  await stack.stopBackend();
  await searchBox(page).fill("grace hop");
  await expect(page.getByText(/does not answer|did not answer/)).toBeVisible({ timeout: 30_000 });
  await expect(searchBox(page)).toHaveValue("grace hop");
  await stack.startBackend();
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" }).first()).toBeVisible({
    timeout: 30_000,
  });
});

async function issued(stack: { demo<T>(path: string): Promise<T> }): Promise<number> {
  const { tokenRequests } = await stack.demo<Counters>("counters");
  return tokenRequests;
}

import type { Page } from "@playwright/test";
import { expect, lookUp, signIn, test } from "../support/fixtures.ts";
import { changeUser } from "../support/other-writer.ts";

function live(page: Page) {
  return page.getByText("Live", { exact: true });
}

/** How often the page has begun to watch a user. */
function countWatches(page: Page): () => number {
  let begun = 0;
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/WatchUser")) begun += 1;
  });
  return () => begun;
}

test("a change is seen without a reload after several tokens have expired, live all the time", async ({
  page,
  stack,
}) => {
  const watches = countWatches(page);
  await signIn(page);
  await lookUp(page, "grace hop", "Grace Hopper");
  await page.getByRole("link", { name: "Grace Hopper" }).first().click();
  await expect(live(page)).toBeVisible();
  await page.evaluate(() => {
    const states: string[] = [];
    const changes = { subtree: true, characterData: true, childList: true, attributes: true };
    const badge = document.querySelector("aside header [role=status]");
    const note = () => states.push(badge?.textContent ?? "gone");
    if (badge === null) note();
    else new MutationObserver(note).observe(badge, changes);
    Object.assign(window, { states });
  });
  await expect.poll(watches, { timeout: 30_000 }).toBeGreaterThanOrEqual(4);
  changeUser(stack, "user124", "locale", "fr-CH");
  const drawer = page.getByRole("complementary", { name: "User Grace Hopper" });
  await expect(drawer.getByText("Locale is now fr-CH")).toBeVisible();
  changeUser(stack, "user124", "name", "Grace B. Hopper");
  await expect(page.getByRole("heading", { name: "Grace B. Hopper" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Grace B. Hopper" })).toBeVisible();
  const states: unknown = await page.evaluate(() => Reflect.get(window, "states"));
  expect(states).toEqual([]);
  changeUser(stack, "user124", "name", "Grace Hopper");
});

test("a lost connection is told, mends by itself, and brings what was missed", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await page.goto("/users/user125");
  await expect(live(page)).toBeVisible();
  await stack.stopBackend();
  await expect(page.getByText("Reconnecting", { exact: true })).toBeVisible();
  changeUser(stack, "user125", "locale", "nl-BE");
  await stack.startBackend();
  await expect(live(page)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Locale is now nl-BE")).toBeVisible();
});

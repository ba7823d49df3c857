import type { Page } from "@playwright/test";
import { copiedBy } from "../support/clipboard.ts";
import { expect, lookUp, searchBox, signIn, test } from "../support/fixtures.ts";
import { holdCall } from "../support/held-call.ts";

test.use({ siteConfig: { supportUrl: "https://help.example/lookup" } });

/** Answers every call of a method with a gRPC status, as the service would, until it is told to stop. */
async function failWith(page: Page, method: string, status: string): Promise<() => Promise<void>> {
  const url = `**/user.v1.UserService/${method}`;
  await page.route(url, async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    return route.fulfill({
      status: 200,
      headers: {
        "content-type": "application/grpc-web+proto",
        "access-control-allow-origin": new URL(page.url()).origin,
        "access-control-expose-headers": "grpc-status, grpc-message, x-request-id",
        "grpc-status": status,
        "grpc-message": "The disk is full.",
        "x-request-id": "req-4711",
      },
    });
  });
  return () => page.unroute(url);
}

test("not searched: what can be pasted, and how many people there are", async ({ page }) => {
  await signIn(page);
  await expect(page.getByRole("heading", { name: "Look someone up" })).toBeVisible();
  await expect(page.getByText("Paste an id, an e-mail, a token, or a whole list.")).toBeVisible();
  await page.getByRole("button", { name: "Browse all 2,000 users" }).click();
  await expect(page.getByRole("table", { name: "All users" })).toBeVisible();
});

test("loading, and refreshing over old rows that can still be used", async ({ page, stack }) => {
  await signIn(page);
  const first = await holdCall(page, stack, "ListUsers", "ada");
  await searchBox(page).fill("ada");
  await expect(page.getByRole("status", { name: "Loading" })).toBeVisible();
  await first.release();
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" })).toBeVisible();
  const second = await holdCall(page, stack, "ListUsers", "grace");
  await searchBox(page).fill("grace");
  await expect(page.getByRole("status").filter({ hasText: "Refreshing" })).toBeVisible();
  await expect(page.getByRole("table", { name: /“ada”/ })).toHaveAttribute("aria-busy", "true");
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" })).toBeVisible();
  await second.release();
  await expect(page.getByRole("table", { name: /“grace”/ })).toHaveAttribute("aria-busy", "false");
});

test("the start stays until there is something else to see", async ({ page, stack }) => {
  // Before the page is there: what its own timers have begun, a clock of later could not stop.
  await page.clock.install();
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  await searchBox(page).fill("");
  const start = page.getByRole("heading", { name: "Look someone up" });
  await expect(start).toBeVisible();
  const held = await holdCall(page, stack, "ListUsers", "grace");
  await page.clock.pauseAt(Date.now() + 5_000);
  await searchBox(page).fill("grace hop");
  await held.made;
  await page.clock.runFor(100);
  await expect(start).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
  await page.clock.runFor(200);
  await expect(page.getByRole("status", { name: "Loading" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" })).toHaveCount(0);
  await page.clock.resume();
  await held.release();
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" })).toBeVisible();
});

test("no match: says what was searched, and drops a filter", async ({ page }) => {
  await signIn(page);
  await page.goto("/?q=ada+lovelace&status=locked&role=nothing");
  await expect(
    page.getByRole("heading", { name: "Nobody matching “ada lovelace” fits the filters" }),
  ).toBeVisible();
  await expect(page.getByText("1 user matches without the filters.")).toBeVisible();
  await page.getByRole("button", { name: "Drop “Role: nothing”" }).click();
  await page.getByRole("button", { name: "Drop “Status: Locked”" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" })).toBeVisible();
  await searchBox(page).fill("zzzz");
  await expect(page.getByRole("heading", { name: "Nobody matches “zzzz”" })).toBeVisible();
  await expect(page.getByText("Ids, names and e-mail addresses were searched.")).toBeVisible();
});

test("an error: in words, with code, request id and a retry that works", async ({ page }) => {
  await signIn(page);
  const heal = await failWith(page, "ListUsers", "13");
  await searchBox(page).fill("grace hop");
  const alert = page.getByRole("alert");
  await expect(
    alert.getByRole("heading", { name: "The user service made a mistake" }),
  ).toBeVisible();
  await expect(alert).toContainText("INTERNAL");
  await expect(alert).toContainText("req-4711");
  await expect(alert).toContainText("Try again. If it stays, pass the request id on");
  await heal();
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" })).toBeVisible();
});

test("a service that is away: old rows stay, said to be old, and it goes on by itself", async ({
  page,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const heal = await failWith(page, "ListUsers", "14");
  await searchBox(page).fill("grace hop");
  await expect(page.getByText("What you see is from the search before.")).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" })).toBeVisible();
  await heal();
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" })).toBeVisible();
  await expect(page.getByText("What you see is from the search before.")).toHaveCount(0);
});

test("no permission: the scope can be asked for, and else support can be", async ({ page }) => {
  await signIn(page, "guest");
  const alert = page.getByRole("alert");
  await expect(alert.getByRole("heading", { name: "You may not read users" })).toBeVisible();
  await expect(alert).toContainText("Missing permission: users.read");
  const support = alert.getByRole("link", { name: "Contact support" });
  await expect(support).toHaveAttribute("href", "https://help.example/lookup");
  const copy = alert.getByRole("button", { name: "Copy details for support" });
  expect(await copiedBy(copy)).toMatch(/PERMISSION_DENIED[^]*users\.read/);
  await searchBox(page).fill("ada");
  await expect(alert.getByRole("heading", { name: "You may not read users" })).toBeVisible();
  const asked = page.waitForEvent("popup");
  await alert.getByRole("button", { name: "Ask for permission" }).click();
  await asked;
  await expect(alert.getByRole("status")).toHaveText(/^The sign-in service did not grant it/);
});

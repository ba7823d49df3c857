import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, lookUp, searchBox, test } from "./support/fixtures.ts";

/** Serves this as `config.json`, in place of the one that is deployed. */
async function configure(page: Page, body: unknown, contentType = "application/json") {
  await page.route("/config.json", (route) =>
    route.fulfill({ contentType, body: typeof body === "string" ? body : JSON.stringify(body) }),
  );
}

/** The configuration that is deployed, with these fields instead. */
async function withChanges(page: Page, changes: object) {
  const answer = await page.request.get("/config.json");
  const config = (await answer.json()) as object;
  return { ...config, demo: undefined, ...changes };
}

const mistakes: readonly (readonly [field: string, changes: object, told: RegExp])[] = [
  ["issuer", { issuer: undefined }, /issuer is missing/],
  ["issuer", { issuer: "http://id.example.com" }, /write an https address/],
  ["clientId", { clientId: "" }, /not empty/],
  ["scopes", { scopes: ["users.read"] }, /lacks "openid"/],
  ["scopes[1]", { scopes: ["openid", "a b"] }, /one scope per entry/],
  ["resource", { resource: "users" }, /absolute URI/],
  ["apiBaseUrl", { apiBaseUrl: "api.example.com" }, /begins with https/],
  ["brand", { brand: "x".repeat(61) }, /at most 60/],
  ["supportUrl", { supportUrl: "javascript:alert(1)" }, /write an https address/],
  ["links[0].href", { links: [{ label: "Logs", href: "https://logs.example.com" }] }, /\{id\}/],
  ["links[0].title", { links: [{ title: "Logs" }] }, /use one of label, href/],
  ["store", { store: "cookie" }, /"shared" or "memory"/],
  ["idTokenHint", { idTokenHint: "yes" }, /true or false/],
  ["demo", { issuer: "https://id.example.com", demo: true }, /not on this machine/],
  ["apiUrl", { apiUrl: "https://api.example.com" }, /not a field of the configuration/],
];

for (const [field, changes, told] of mistakes) {
  test(`a mistake in ${field} is named: ${told.source}`, async ({ page }) => {
    await configure(page, await withChanges(page, changes));
    await page.goto("/users/user123");
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("This dashboard is not set up correctly");
    await expect(alert.locator("code")).toHaveText(field);
    await expect(alert).toContainText(told);
    await expect(searchBox(page)).toHaveCount(0);
  });
}

const unreadable = [
  ["is missing", 404, "text/plain", "There is nothing at this address.\n"],
  ["is the page", 200, "text/html", "<!doctype html><title>User Lookup</title>"],
  ["is cut off", 200, "application/json", '{"issuer": "https://id.exam'],
  ["is empty", 200, "application/json", ""],
  ["cannot be had", 503, "text/html", "<h1>Service Unavailable</h1>"],
] as const;

for (const [what, status, contentType, body] of unreadable) {
  test(`a config.json that ${what} is told, and read again`, async ({ page }) => {
    await page.route("/config.json", (route) => route.fulfill({ status, contentType, body }));
    await page.goto("/");
    await expect(page.getByRole("alert")).toContainText("config.json could not be read");
    await page.unroute("/config.json");
    await page.getByRole("button", { name: "Load again" }).click();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  });
}

test("axe finds nothing on the page that names a mistake", async ({ page }) => {
  await configure(page, await withChanges(page, { store: "cookie" }));
  await page.goto("/");
  await expect(page.getByRole("alert")).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
});

test("one build takes its name, its links and its help from each environment", async ({ page }) => {
  const links = [{ label: "Billing", href: "https://billing.example.com/users/{id}?tab=all" }];
  const changes = { brand: "Acme Users", supportUrl: "https://help.example.com/", links };
  await configure(page, await withChanges(page, changes));
  await page.goto("/");
  await expect(page).toHaveTitle("Acme Users");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^support/ }).click();
  await lookUp(page, "user123", "Ada Lovelace");
  await page.getByRole("link", { name: "Ada Lovelace" }).first().click();
  const billing = page.getByRole("link", { name: "Billing" });
  await expect(billing).toHaveAttribute(
    "href",
    "https://billing.example.com/users/user123?tab=all",
  );
  // A tool of the team's own learns nothing of where the click came from.
  await expect(billing).toHaveAttribute("rel", /noopener|noreferrer/);
});

test("a session in memory ends with its page", async ({ page }) => {
  await configure(page, await withChanges(page, { store: "memory" }));
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^support/ }).click();
  await expect(searchBox(page)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

import type { Locator, Page } from "@playwright/test";
import { expect, lookUp, searchBox, signIn, test } from "./support/fixtures.ts";
import { connection, openAda, openInspector } from "./support/people.ts";

/** Opens the first call of a method, and returns what the inspector shows of it. */
async function showCall(inspector: Locator, method: string): Promise<Locator> {
  await inspector
    .getByRole("button", { name: `Show call ${method}` })
    .first()
    .click();
  return inspector;
}

function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

test("a call shows method, code, attempts, both times, messages, headers and trailers", async ({
  page,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const inspector = await openInspector(page);
  const row = inspector.getByRole("row").filter({ hasText: "ListUsers" }).first();
  await expect(row).toContainText("OK");
  await expect(row.getByRole("cell").nth(1)).toHaveText("1");
  await expect(row.getByRole("cell").nth(2)).toHaveText(/^\d+ ms$/);
  await expect(
    row.getByRole("img", { name: /^\d+ ms waiting for a token, \d+ ms on the wire$/ }),
  ).toBeVisible();
  await showCall(inspector, "ListUsers");
  await expect(row).toHaveAttribute("aria-current", "true");
  await expect(inspector.getByText("user.v1.UserService/ListUsers")).toBeVisible();
  await expect(inspector.getByText(/^1: OK after \d+ ms$/)).toBeVisible();
  const part = (name: string) => inspector.getByRole("region", { name, exact: true });
  await expect(part("Request")).toContainText('"query": "ada lov"');
  await expect(part("Response")).toContainText('"id": "user123"');
  await expect(part("Request headers")).toContainText("authorization: [not recorded]");
  await expect(part("Response headers")).toContainText("x-request-id: ");
  await expect(part("Trailers")).toContainText("grpc-status: 0");
});

test("the token is nowhere in the page, not even of a call that carried it", async ({ page }) => {
  const tokens = new Set<string>();
  page.on("request", (request) => {
    const header = request.headers()["authorization"];
    if (header !== undefined) tokens.add(header.replace(/^Bearer /, ""));
  });
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const inspector = await openInspector(page);
  await showCall(inspector, "ListUsers");
  await expect(inspector.getByRole("region", { name: "Request headers" })).toBeVisible();
  const html = await page.content();
  expect(tokens.size).toBeGreaterThan(0);
  for (const token of tokens) expect(html).not.toContain(token);
});

test("a call that is refused shows what the service said, with its details", async ({ page }) => {
  await signIn(page, "guest");
  await searchBox(page).fill("ada");
  await expect(page.getByText("You may not read users")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /^Find a command/ }).fill("failed");
  await page.keyboard.press("Enter");
  const inspector = page.getByRole("region", { name: "Inspector" });
  await expect(inspector.getByRole("region", { name: "Error", exact: true })).toContainText(
    "PERMISSION_DENIED: ",
  );
  const details = inspector.getByRole("region", { name: "Error details" });
  await expect(details).toContainText("google.rpc.ErrorInfo");
  await expect(details).toContainText("google.rpc.RequestInfo");
  await expect(details).toContainText('"requestId"');
});

test("Details beside an error opens the inspector at the call that failed", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await page.route(`${stack.apiUrl}/**`, (route) => route.abort());
  await searchBox(page).fill("ada lov");
  await page.getByRole("button", { name: "Details" }).click();
  const inspector = page.getByRole("region", { name: "Inspector" });
  await expect(inspector.getByRole("region", { name: "Error", exact: true })).toContainText(
    "UNAVAILABLE: ",
  );
  await page.unrouteAll();
});

test("a token that the service refused shows as two attempts, and as time spent waiting", async ({
  page,
  stack,
}) => {
  await signIn(page);
  // A service that has lost its memory of the keys: the token is refused once.
  let refused = false;
  await page.route(`${stack.apiUrl}/user.v1.UserService/ListUsers`, async (route) => {
    if (refused || route.request().method() !== "POST") return route.fallback();
    refused = true;
    const headers = { "content-type": "application/grpc-web+proto", "grpc-status": "16" };
    const cors = {
      "access-control-allow-origin": stack.dashboardUrl,
      "access-control-expose-headers": "grpc-status",
    };
    return route.fulfill({ status: 200, headers: { ...headers, ...cors } });
  });
  await lookUp(page, "ada lov", "Ada Lovelace");
  await page.unrouteAll();
  const inspector = await openInspector(page);
  const row = inspector
    .getByRole("row")
    .filter({ hasText: "ListUsers" })
    .filter({ has: page.getByRole("cell", { name: "2", exact: true }) });
  await row.getByRole("button").click();
  await expect(inspector.getByText(/^1: UNAUTHENTICATED after \d+ ms$/)).toBeVisible();
  await expect(inspector.getByText(/^2: OK after \d+ ms$/)).toBeVisible();
});

test("a stream shows that it runs, and its messages as they come", async ({ page }) => {
  await signIn(page);
  await openAda(page);
  const inspector = await openInspector(page);
  await showCall(inspector, "WatchUser");
  const row = inspector.getByRole("row").filter({ hasText: "WatchUser" }).first();
  await expect(row).toContainText(/streaming|OK|UNAUTHENTICATED/);
  await expect(row).toContainText(/\d+ messages?/);
  const messages = inspector.getByRole("region", { name: "Response", exact: true });
  await expect(messages.getByRole("heading")).toHaveText(/^Response, \d+ messages?/);
  await expect(messages.locator("time").first()).toBeVisible();
  await expect(messages).toContainText("{");
});

test("both commands are copied without the token, and say so", async ({ page, context, stack }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const inspector = await openInspector(page);
  await showCall(inspector, "ListUsers");
  const url = `${stack.apiUrl}/user.v1.UserService/ListUsers`;
  await inspector.getByRole("button", { name: "Copy as buf curl" }).click();
  await expect.poll(() => clipboard(page)).toContain(`buf curl --protocol grpcweb`);
  const buf = await clipboard(page);
  expect(buf).toContain(`-H "authorization: Bearer $TOKEN"`);
  expect(buf).toContain(`"query":"ada lov"`);
  expect(buf.endsWith(url)).toBe(true);
  await inspector.getByRole("button", { name: "Copy as grpcurl" }).click();
  await expect.poll(() => clipboard(page)).toContain("grpcurl -plaintext");
  expect(await clipboard(page)).not.toContain("eyJ");
  await expect(page.getByText("Copied grpcurl.")).toBeAttached();
});

test("every call is kept while one goes from page to page, until somebody clears them", async ({
  page,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const inspector = await openInspector(page);
  await inspector.press("Control+k");
  await page.getByRole("combobox", { name: /^Find a command/ }).fill("many at once");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: /one a line/ }).fill("user123\nuser124");
  await page.getByRole("button", { name: "Look up" }).click();
  for (const method of ["BatchGetUsers", "ListUsers"]) {
    await expect(
      inspector.getByRole("button", { name: `Show call ${method}` }).first(),
    ).toBeVisible();
  }
  await inspector.getByRole("button", { name: "Clear" }).click();
  await expect(inspector.getByText("No calls yet.")).toBeVisible();
});

test("trouble that is switched on shows in the timeline, and nobody else notices", async ({
  page,
  stack,
}) => {
  await signIn(page);
  // A token is renewed while it is used, and a watch uses each.
  await openAda(page);
  const inspector = await openInspector(page);
  const timeline = inspector.getByRole("list", { name: "Session timeline" });
  await expect(timeline.getByText(/^Signed in\.|^Session restored\./)).toBeVisible();
  const trouble = inspector.getByRole("region", { name: "Trouble on purpose" });
  await trouble.getByRole("button", { name: "Token endpoint answers 503 for 10 s" }).click();
  await expect(trouble.getByRole("status")).toHaveText(/^Done: /);
  await expect(
    timeline.getByText(/^The token endpoint answered 503\. (Kept|Calls wait)/).first(),
  ).toBeVisible();
  await expect(searchBox(page)).toHaveValue("ada lov");
  await trouble.getByRole("button", { name: "End all trouble" }).click();
  await expect(timeline.getByText(/^Renewed /).first()).toBeVisible({ timeout: 20_000 });
  await stack.demo("trouble", { token: "ok" });
});

test("it opens and closes by key, from the menu and by Escape, and gives the focus back", async ({
  page,
}) => {
  await signIn(page);
  await searchBox(page).focus();
  const inspector = await openInspector(page);
  await expect(inspector).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(inspector).toBeHidden();
  await expect(searchBox(page)).toBeFocused();
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Session and calls" }).click();
  await expect(inspector).toBeVisible();
  await inspector.getByRole("button", { name: "Close" }).click();
  await expect(inspector).toBeHidden();
});

test("whoever does not open it sees “Connected”, and no token, timer or scope", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await openAda(page);
  await expect(connection(page)).toHaveText("Connected");
  await stack.demo("trouble", { token: "unavailable", forMs: 3_000 });
  const text = await page.locator("body").innerText();
  expect(text).not.toMatch(/token|expires|renew|users\.read|Bearer|offline_access/i);
  await expect(page.getByRole("region", { name: "Inspector" })).toHaveCount(0);
  await stack.demo("trouble", { token: "ok" });
});

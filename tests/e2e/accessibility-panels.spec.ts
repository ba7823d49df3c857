import { findings } from "./support/axe.ts";
import { expect, lookUp, signIn, test } from "./support/fixtures.ts";
import { openAda, openInspector } from "./support/people.ts";

// axe reads every element of the page twice in each state.
test.describe.configure({ timeout: 180_000 });

test.describe("axe finds nothing", () => {
  test("at the entrance and on the issuer's sign-in page", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("button", { name: /^support/ })).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("in results, beside an open user and on the user's page, as words and as JSON", async ({
    page,
  }) => {
    await signIn(page, "supervisor");
    await lookUp(page, "ada", "Ada Lovelace");
    expect(await findings(page)).toEqual([]);
    await openAda(page);
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("link", { name: "Open as a page" }).click();
    await page.getByRole("button", { name: "Show contact details" }).click();
    await expect(page.getByText(/^\+\d/)).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("in the palette, the sheet of shortcuts and the menus", async ({ page }) => {
    await signIn(page);
    await lookUp(page, "ada lov", "Ada Lovelace");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "Command palette" })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Shortcuts/ }).click();
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("checkbox", { name: /^Use single keys/ }).uncheck();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    for (const name of [/^Account/, "Status", "Role", "Created", "Last sign-in", "Columns"]) {
      await page.getByRole("button", { name, exact: true }).first().click();
      expect(await findings(page)).toEqual([]);
    }
  });

  test("in the inspector, with the session, a call and a stream", async ({ page }) => {
    await signIn(page);
    await openAda(page);
    const inspector = await openInspector(page);
    expect(await findings(page)).toEqual([]);
    for (const method of ["ListUsers", "WatchUser"]) {
      await inspector
        .getByRole("button", { name: `Show call ${method}` })
        .first()
        .click();
      await expect(inspector.getByRole("region", { name: "Request", exact: true })).toBeVisible();
      expect(await findings(page)).toEqual([]);
    }
  });

  test("in the lookup of many, and where there is no such user", async ({ page }) => {
    await signIn(page);
    await page.goto("/many");
    await page.getByRole("textbox", { name: /one a line/ }).fill("user123\nnobody@nowhere.example");
    await page.getByRole("button", { name: "Look up" }).click();
    await expect(page.getByText(/1 missing/)).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.goto("/users/user999999999");
    await expect(page.getByText(/There is no user/)).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("offline, with an ended session, and at the entrance after one", async ({
    page,
    context,
    stack,
  }) => {
    await signIn(page);
    await openAda(page);
    await context.setOffline(true);
    await expect(page.getByText(/^You are offline/)).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await context.setOffline(false);
    await stack.demo("revoke", {});
    await expect(page.getByText(/^Your session ended/)).toBeVisible({ timeout: 30_000 });
    expect(await findings(page)).toEqual([]);
    await page.reload();
    await expect(page.getByRole("heading", { name: "Your session ended" })).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("on the doctor's page", async ({ page }) => {
    await page.goto("/doctor");
    await expect(page.getByRole("main").getByRole("status")).not.toHaveText("");
    await expect(page.getByRole("button").first()).toBeEnabled();
    expect(await findings(page)).toEqual([]);
  });

  test("with a mistake in config.json", async ({ page }) => {
    await page.route("**/config.json", (route) => route.fulfill({ json: { issuer: 7 } }));
    await page.goto("/");
    await expect(page.getByText("This dashboard is not set up correctly")).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("on a phone, in the list and on the page of a user", async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await signIn(page);
    await lookUp(page, "ada lov", "Ada Lovelace");
    expect(await findings(page)).toEqual([]);
    await openAda(page);
    expect(await findings(page)).toEqual([]);
  });
});

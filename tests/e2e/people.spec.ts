import { expect, lookUp, searchBox, signIn, test } from "./support/fixtures.ts";

test("a guest is told in words that nothing may be read", async ({ page }) => {
  await signIn(page, "guest");
  await searchBox(page).fill("ada");
  await expect(page.getByText("You may not read users")).toBeVisible();
});

test("signing out ends the session in every tab, and a reload does not bring it back", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  const other = await context.newPage();
  await other.goto("/");
  await lookUp(other, "ada lov", "Ada Lovelace");
  await page.getByRole("button", { name: /^Account/ }).click();
  const home = `${stack.dashboardUrl}/`;
  // The page leaves for the issuer, whose session ends too, and comes back.
  const back = page.waitForResponse(
    (response) => response.url() === home && response.request().isNavigationRequest(),
  );
  await page.getByRole("button", { name: "Sign out" }).click();
  await back;
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(other.getByRole("button", { name: /^Sign in/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
});

test("contact details are shown to a supervisor only", async ({ page }) => {
  await signIn(page, "supervisor");
  await page.goto("/users/user123");
  await page.getByRole("button", { name: "Show contact details" }).click();
  await expect(page.getByText(/^\+\d/)).toBeVisible();
});

test("an unknown user has a page of its own that says so", async ({ page }) => {
  await signIn(page);
  await page.goto("/users/user999999999");
  await expect(page.getByText(/There is no user/)).toBeVisible();
});

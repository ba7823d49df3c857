import { expect, lookUp, searchBox, signIn, test } from "../support/fixtures.ts";

test("a person signs in, types a name and sees the user", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  await page.getByRole("link", { name: "Ada Lovelace" }).first().click();
  await expect(page).toHaveURL(/user123/);
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  const user = page.getByRole("complementary", { name: /Ada Lovelace/ });
  await expect(user.getByText("ada@analytical.example")).toBeVisible();
  await expect(user.getByText("Live", { exact: true })).toBeVisible();
});

test("a reload keeps the session and the place", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "grace hop", "Grace Hopper");
  await page.reload();
  await expect(searchBox(page)).toHaveValue("grace hop");
  await expect(page.getByRole("row").filter({ hasText: "Grace Hopper" }).first()).toBeVisible();
});

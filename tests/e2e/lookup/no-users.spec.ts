import { expect, searchBox, signIn, test } from "../support/fixtures.ts";

test.use({ seedUsers: 0 });

test("no users at all is told as such, at the start and in a list", async ({ page }) => {
  await signIn(page);
  await expect(page.getByRole("heading", { name: "There are no users yet" })).toBeVisible();
  await page.goto("/?q=");
  await expect(page.getByRole("heading", { name: "There are no users yet" })).toBeVisible();
  await searchBox(page).fill("ada");
  await expect(page.getByRole("heading", { name: "Nobody matches “ada”" })).toBeVisible();
});

import { expect, signIn, test } from "./support/fixtures.ts";
import { openAda, stored } from "./support/people.ts";

test("users opened last are offered at the start, newest first, and outlive a reload", async ({
  page,
}) => {
  await signIn(page);
  await openAda(page);
  await page.goto("/users/user124");
  await expect(page.getByRole("heading", { name: "Grace Hopper" })).toBeVisible();
  await page.goto("/");
  const recents = page.getByRole("region", { name: "Opened last" });
  await expect(recents.getByRole("link")).toHaveText(["user124", "user123"]);
  await page.reload();
  await expect(recents.getByRole("link")).toHaveText(["user124", "user123"]);
  await recents.getByRole("link", { name: "user123" }).click();
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("only ids are kept, never a name or an address", async ({ page }) => {
  await signIn(page);
  await openAda(page);
  const text = await stored(page);
  expect(text).toContain("user123");
  expect(text).not.toMatch(/Ada|Lovelace|analytical/i);
});

test("they can be forgotten, by button and by command, and stay forgotten", async ({ page }) => {
  await signIn(page);
  const recents = page.getByRole("region", { name: "Opened last" });
  for (const forget of ["button", "command"]) {
    await page.goto("/users/user123");
    await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
    await page.goto("/");
    await expect(recents).toBeVisible();
    if (forget === "button") {
      await recents.getByRole("button", { name: "Clear" }).click();
    } else {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: /^Find a command/ }).fill("forget");
      await page.keyboard.press("Enter");
    }
    await expect(recents).toBeHidden();
    await page.reload();
    await expect(page.getByRole("heading", { name: "Look someone up" })).toBeVisible();
    await expect(recents).toBeHidden();
    expect(await stored(page)).not.toContain("user123");
  }
});

test("a user opened in another tab is offered in this one as well", async ({ page, context }) => {
  await signIn(page);
  await expect(page.getByRole("heading", { name: "Look someone up" })).toBeVisible();
  const other = await context.newPage();
  await other.goto("/users/user123");
  await expect(other.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  const recents = page.getByRole("region", { name: "Opened last" });
  await expect(recents.getByRole("link", { name: "user123" })).toBeVisible();
  await page.goto("/users/user124");
  await expect(page.getByRole("heading", { name: "Grace Hopper" })).toBeVisible();
  await other.goto("/");
  await expect(other.getByRole("region", { name: "Opened last" }).getByRole("link")).toHaveText([
    "user124",
    "user123",
  ]);
});

test("whoever signs in next does not see them", async ({ page }) => {
  await signIn(page);
  await openAda(page);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await signIn(page, "supervisor");
  await expect(page.getByRole("button", { name: /^Browse all [\d,]+ users/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Opened last" })).toBeHidden();
});

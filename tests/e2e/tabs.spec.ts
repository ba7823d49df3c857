import { expect, lookUp, searchBox, signIn, test } from "./support/fixtures.ts";
import { changeUser } from "./support/other-writer.ts";

test("eight visible tabs with an open user each leave room for a search in any of them", async ({
  page,
  context,
}) => {
  await signIn(page);
  const tabs = [page];
  while (tabs.length < 8) tabs.push(await context.newPage());
  for (const [index, tab] of tabs.entries()) {
    await tab.goto(`/users/user${123 + index}`);
    await expect(tab.getByRole("button", { name: "Copy Id" }).first()).toBeVisible();
  }
  const live = async (words: string) => {
    const counts = await Promise.all(
      tabs.map((tab) => tab.getByText(words, { exact: true }).count()),
    );
    return counts.filter((count) => count > 0).length;
  };
  await expect.poll(() => live("Live")).toBe(4);
  await expect.poll(() => live("Every 15 s")).toBe(4);
  for (const tab of tabs) {
    await tab.goto("/");
    await lookUp(tab, "grace hop", "Grace Hopper");
  }
});

test("a change that another process writes appears in the open user", async ({ page, stack }) => {
  await signIn(page);
  await page.goto("/users/user124");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  changeUser(stack, "user124", "locale", "fr-CA");
  await expect(page.getByText("fr-CA").first()).toBeVisible();
});

test("a session that the issuer ended leaves page and input, and goes on after a sign-in in another tab", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  await stack.demo("revoke", {});
  const again = page.getByRole("button", { name: "Sign in again" });
  // Somebody who works on: the end shows when the token of the moment has expired.
  await expect(async () => {
    await searchBox(page).fill("grace hop");
    await searchBox(page).fill("ada lov");
    await expect(again).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(searchBox(page)).toHaveValue("ada lov");
  const opened = context.waitForEvent("page");
  await again.click();
  const tab = await opened;
  const person = tab.getByRole("button", { name: /^support/ });
  // The issuer may still know the person, and then nobody has to click.
  await Promise.race([
    tab.waitForEvent("close", { timeout: 0 }),
    person.click({ timeout: 0 }).catch(() => undefined),
  ]);
  await expect(again).toBeHidden();
  await lookUp(page, "grace hop", "Grace Hopper");
});

import { answerEmpty, holdAnswers } from "./support/answers.ts";
import { findings } from "./support/axe.ts";
import { expect, searchBox, signIn, test } from "./support/fixtures.ts";
import { openAda } from "./support/people.ts";

// axe reads every element of the page twice in each state.
test.describe.configure({ timeout: 180_000 });

test.describe("axe finds nothing in each of the seven states:", () => {
  test("not searched yet, with users opened last", async ({ page }) => {
    await signIn(page);
    await openAda(page);
    await page.goto("/");
    await expect(page.getByRole("region", { name: "Opened last" })).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("loading, and then refreshing over old data", async ({ page, stack }) => {
    await signIn(page);
    let release = await holdAnswers(page, stack, "ListUsers");
    await searchBox(page).fill("ada lov");
    await expect(page.locator(".skeleton")).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await release();
    await expect(page.getByRole("link", { name: "Ada Lovelace" }).first()).toBeVisible();
    release = await holdAnswers(page, stack, "ListUsers");
    await searchBox(page).fill("grace");
    await expect(page.getByText("Refreshing", { exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await release();
    await expect(page.getByRole("link", { name: "Grace Hopper" }).first()).toBeVisible();
  });

  test("nobody matches, with and without a filter", async ({ page }) => {
    await signIn(page);
    await searchBox(page).fill("nobody-has-this-name");
    await expect(page.getByText(/^Nobody matches/)).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.goto("/?q=ada+lov&status=locked");
    await expect(page.getByRole("button", { name: /^Drop “Status/ })).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("no users at all", async ({ page, stack }) => {
    await answerEmpty(page, stack, "ListUsers");
    await signIn(page);
    await expect(page.getByRole("heading", { name: "There are no users yet" })).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("an error, without and over old data", async ({ page, stack }) => {
    await signIn(page);
    await page.route(`${stack.apiUrl}/**`, (route) => route.abort());
    await searchBox(page).fill("ada lov");
    await expect(page.getByRole("alert")).toContainText("The user service did not answer");
    expect(await findings(page)).toEqual([]);
    await page.unrouteAll();
    await expect(page.getByRole("link", { name: "Ada Lovelace" }).first()).toBeVisible();
    await page.route(`${stack.apiUrl}/**`, (route) => route.abort());
    await searchBox(page).fill("grace");
    await expect(page.getByText(/does not answer/)).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test("no permission", async ({ page }) => {
    await signIn(page, "guest");
    await searchBox(page).fill("ada");
    await expect(page.getByText("You may not read users")).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });
});

import type { Page } from "@playwright/test";
import { refuseOnce } from "../support/answers.ts";
import { copiedBy } from "../support/clipboard.ts";
import { expect, lookUp, signIn, test } from "../support/fixtures.ts";
import { holdCall } from "../support/held-call.ts";
import { changeUser } from "../support/other-writer.ts";

test.use({
  siteConfig: {
    links: [
      { label: "Billing", href: "https://billing.example/customers?user={id}" },
      { label: "Tickets", href: "https://tickets.example/{id}" },
    ],
  },
  timezoneId: "Europe/Berlin",
  locale: "en-GB",
});

test("a user is painted from the row in the next frame, and then from its own answer", async ({
  page,
  stack,
}) => {
  await signIn(page);
  await lookUp(page, "grace hop", "Grace Hopper");
  const held = await holdCall(page, stack, "GetUser", "user124");
  changeUser(stack, "user124", "locale", "pt-BR");
  const painted = await nextFrameAfterClick(page, "Grace Hopper");
  for (const text of ["Grace Hopper", "user124", "grace@navy.example", "Active", "Connecting"]) {
    expect(painted).toContain(text);
  }
  const drawer = page.getByRole("complementary", { name: "User Grace Hopper" });
  await expect(drawer).not.toContainText("pt-BR");
  await held.release();
  await expect(drawer).toContainText("pt-BR");
  await expect(drawer.getByText("Live", { exact: true })).toBeVisible();
});

/** Opens a user of the list; resolves with what the drawer says when the next frame is made. */
function nextFrameAfterClick(page: Page, name: string): Promise<string> {
  const row = page.getByRole("link", { name }).first();
  return row.evaluate(
    (link) =>
      new Promise<string>((resolve) => {
        (link as HTMLElement).click();
        requestAnimationFrame(() => resolve(document.querySelector("aside")?.innerText ?? ""));
      }),
  );
}

test("what is known of a user is on the screen before anything is asked", async ({ page }) => {
  await page.clock.install();
  await signIn(page);
  await lookUp(page, "grace hop", "Grace Hopper");
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/\/(?:Get|Watch)User$/.test(request.url())) asked.push(request.method());
  });
  await page.clock.pauseAt(Date.now() + 5_000);
  await page.getByRole("link", { name: "Grace Hopper" }).first().click();
  const drawer = page.getByRole("complementary", { name: "User Grace Hopper" });
  await expect(drawer).toContainText("Connecting");
  expect(asked).toEqual([]);
  await page.clock.resume();
  await expect(drawer.getByText("Live", { exact: true })).toBeVisible();
});

test("why a user could not be shown last time is not told again", async ({ page, stack }) => {
  await signIn(page);
  await lookUp(page, "grace hop", "Grace Hopper");
  await refuseOnce(page, stack, "GetUser", { "grpc-status": "5" });
  await page.getByRole("link", { name: "Grace Hopper" }).first().click();
  await expect(page.getByRole("complementary").getByRole("alert")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary")).toHaveCount(0);
  const held = await holdCall(page, stack, "GetUser", "user124");
  expect(await nextFrameAfterClick(page, "Grace Hopper")).toContain("grace@navy.example");
  await held.release();
  const drawer = page.getByRole("complementary", { name: "User Grace Hopper" });
  await expect(drawer.getByText("Live", { exact: true })).toBeVisible();
});

test("id and e-mail are copied, and links lead to other tools", async ({ page }) => {
  await signIn(page);
  await page.goto("/users/user123");
  const user = page.getByRole("complementary", { name: "User Ada Lovelace" });
  const copy = (what: string) => copiedBy(user.getByRole("button", { name: `Copy ${what}` }));
  expect(await copy("Id user123")).toBe("user123");
  expect(await copy("E-mail ada@analytical.example")).toBe("ada@analytical.example");
  await expect(page.getByText("Copied E-mail ada@analytical.example.")).toBeAttached();
  const billing = user.getByRole("link", { name: "Billing" });
  await expect(billing).toHaveAttribute("href", "https://billing.example/customers?user=user123");
  await expect(billing).toHaveAttribute("target", "_blank");
  await expect(billing).toHaveAttribute("rel", /noreferrer/);
  await expect(user.getByRole("link", { name: "Tickets" })).toHaveAttribute("href", /\/user123$/);
});

test("times are told in both ways, the exact one with its zone", async ({ page }) => {
  await signIn(page);
  await page.goto("/users/user123");
  const created = page.getByRole("definition").filter({ hasText: "2021" });
  await expect(created).toHaveText(/years ago\s+10 Dec 2021, 10:30 CET/);
  await page.goto("/?q=ada+lov");
  const time = page.getByRole("row").nth(1).getByRole("time");
  await expect(time).toHaveText(/ago|yesterday/);
  await expect(time).toHaveAttribute("title", /\d{4}, \d\d:\d\d (?:CET|CEST)$/);
});

test("the message itself can be read and copied as JSON", async ({ page }) => {
  await signIn(page);
  await page.goto("/users/user123");
  await page.getByRole("button", { name: "JSON", exact: true }).click();
  const copy = page.getByRole("button", { name: "Copy JSON" });
  const json: unknown = JSON.parse(await copiedBy(copy));
  expect(json).toMatchObject({
    id: "user123",
    email: "ada@analytical.example",
    status: "USER_STATUS_ACTIVE",
  });
  await expect(page.getByText('"id": "user123"')).toBeVisible();
});

test("with a user open, j and k go from user to user and the list stays", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "user12", "user120");
  await expect(page.getByRole("rowheader")).toHaveCount(50);
  await page.getByRole("rowheader").nth(1).getByRole("link").click();
  const second = page.url();
  await page.keyboard.press("j");
  await expect(page).not.toHaveURL(second);
  await page.keyboard.press("k");
  await expect(page).toHaveURL(second);
  await expect(page.getByRole("rowheader")).toHaveCount(50);
  await page.goBack();
  await expect(page).not.toHaveURL(second);
});

test("the list makes room for an open user, and takes it back", async ({ page }) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const rightEdge = () =>
    page.locator("table.results").evaluate((table) => table.getBoundingClientRect().right);
  const whole = await rightEdge();
  await page.getByRole("row").nth(1).getByRole("link").click();
  const drawer = page.getByRole("complementary");
  await expect(drawer).toBeVisible();
  const left = await drawer.evaluate((area) => area.getBoundingClientRect().left);
  await expect.poll(rightEdge).toBeLessThanOrEqual(left);
  await page.keyboard.press("Escape");
  await expect.poll(rightEdge).toBe(whole);
});

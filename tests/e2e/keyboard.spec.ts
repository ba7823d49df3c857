import type { Locator, Page } from "@playwright/test";
import { refuseOnce } from "./support/answers.ts";
import { expect, searchBox, test } from "./support/fixtures.ts";

const stepUp = {
  "grpc-status": "16",
  "www-authenticate": 'Bearer error="insufficient_user_authentication", max_age="300"',
};

/** Goes on with Tab until `target` has the focus; everything on the way shows that it has it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 80; presses++) {
    if (await isThere()) return;
    await page.keyboard.press("Tab");
    expect(await focusShows(page)).toBe(true);
  }
  throw new Error("Tab never came to what was looked for.");
}

/** Whether one can see what has the focus: it, or the label or the box around it, has a ring. */
function focusShows(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return true;
    const near = [
      element,
      element.nextElementSibling,
      element.closest("form"),
      element.closest("dialog"),
    ];
    return near.some((candidate) => {
      if (candidate === null) return false;
      const { boxShadow, outlineStyle, outlineColor } = getComputedStyle(candidate);
      const outlined = outlineStyle !== "none" && outlineColor !== "rgba(0, 0, 0, 0)";
      return boxShadow !== "none" || outlined;
    });
  });
}

test("the main path by keyboard alone: sign in, search, open, copy, confirm, close, export, sign out", async ({
  page,
  context,
  stack,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const pointed: string[] = [];
  await context.exposeBinding("pointed", (_source, type: string) => void pointed.push(type));
  await context.addInitScript(() => {
    for (const type of ["pointerdown", "mousedown", "mousemove", "touchstart"]) {
      document.addEventListener(type, () => {
        (window as unknown as { pointed: (type: string) => void }).pointed(type);
      });
    }
  });

  await page.goto("/");
  await tabTo(page, page.getByRole("button", { name: "Sign in" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: /^supervisor/ }));
  await page.keyboard.press("Enter");

  await expect(searchBox(page)).toBeVisible();
  await page.locator("body").press("/");
  await expect(searchBox(page)).toBeFocused();
  await page.keyboard.type("ada lov");
  const ada = page.getByRole("link", { name: "Ada Lovelace" }).first();
  await expect(ada).toBeVisible();
  await tabTo(page, ada);
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "User Ada Lovelace" });
  await expect(drawer).toBeFocused();
  await expect(drawer.getByText("Live", { exact: true })).toBeVisible();

  await tabTo(page, drawer.getByRole("button", { name: "Copy Id user123" }));
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("user123");

  // What the service says to a sign-in that is older than five minutes.
  await refuseOnce(page, stack, "GetUserContact", stepUp);
  await tabTo(page, drawer.getByRole("button", { name: "Show contact details" }));
  await page.keyboard.press("Enter");
  const confirm = drawer.getByRole("button", { name: "Confirm it is you" });
  await tabTo(page, confirm);
  // The issuer has forgotten who sits here: it asks, as it does after five minutes.
  await context.clearCookies();
  const opened = context.waitForEvent("page");
  await page.keyboard.press("Enter");
  const tab = await opened;
  const closed = tab.waitForEvent("close");
  await tabTo(tab, tab.getByRole("button", { name: /^supervisor/ }));
  await tab.keyboard.press("Enter");
  await closed;
  await expect(drawer.getByText(/^\+\d/)).toBeVisible();

  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(ada).toBeFocused();

  const download = page.waitForEvent("download");
  await tabBackTo(page, page.getByRole("button", { name: "Export CSV" }));
  await page.keyboard.press("Enter");
  expect((await download).suggestedFilename()).toMatch(/^users-.*\.csv$/);

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: /^Find a command/ })).toBeFocused();
  await page.keyboard.type("sign out");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  expect(pointed).toEqual([]);
});

async function tabBackTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 20; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Shift+Tab");
  }
  throw new Error("Shift+Tab never came to what was looked for.");
}

test("the first stop leads past the head, and nothing that has the focus is hidden", async ({
  page,
}) => {
  await page.goto("/");
  await tabTo(page, page.getByRole("button", { name: "Sign in" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: /^support/ }));
  await page.keyboard.press("Enter");
  await expect(searchBox(page)).toBeVisible();
  await page.goto("/?q=ad");
  await expect(page.getByRole("link", { name: "Ada Lovelace" }).first()).toBeVisible();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the results" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  // Neither the sticky head of the table nor the footer covers a row (WCAG 2.4.11).
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const covered = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      const { left, top, width, height } = element.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      const seen = hit !== null && (element.contains(hit) || hit.contains(element));
      return seen ? undefined : element.outerHTML.slice(0, 200);
    });
    expect(covered).toBeUndefined();
  }
});

import type { Page } from "@playwright/test";
import { lookUp, searchBox } from "../e2e/support/fixtures.ts";
import type { Stack } from "../e2e/support/stack.ts";

/** One thing to look at: how a page gets there after the sign-in, and how it gets away again. */
export interface Scene {
  readonly name: string;
  /** `undefined`: nobody is signed in. */
  readonly person: "support" | "supervisor" | "guest" | undefined;
  prepare(page: Page, stack: Stack): Promise<void>;
  clear?(page: Page, stack: Stack): Promise<void>;
}

/** Every main screen and every state. */
export const scenes: readonly Scene[] = [
  {
    name: "entrance",
    person: undefined,
    prepare: async (page) => page.getByRole("button", { name: "Sign in" }).waitFor(),
  },
  {
    name: "home",
    person: "supervisor",
    async prepare(page) {
      for (const id of ["user124", "user88", "user123"]) {
        await page.goto(`/users/${id}`);
        await page.getByText("Live", { exact: true }).waitFor();
      }
      await page.goto("/");
      await page.getByRole("heading", { name: "Look someone up" }).waitFor();
      await page.getByRole("button", { name: /^Browse all [\d,]+ users/ }).waitFor();
    },
  },
  {
    name: "results",
    person: "supervisor",
    async prepare(page) {
      await lookUp(page, "ad", "Ada Lovelace");
    },
  },
  { name: "user", person: "supervisor", prepare: openAda },
  {
    name: "page",
    person: "supervisor",
    async prepare(page) {
      await page.goto("/users/user123");
      await page.getByText("Live", { exact: true }).waitFor();
    },
  },
  {
    name: "inspector",
    person: "supervisor",
    async prepare(page, stack) {
      await openAda(page);
      await page.keyboard.press("Control+i");
      const timeline = page.getByRole("list", { name: "Session timeline" });
      await timeline
        .getByText(/^Renewed/)
        .first()
        .waitFor();
      await stack.demo("trouble", { token: "unavailable", forMs: 60_000 });
      await timeline
        .getByText(/answered 503/)
        .first()
        .waitFor();
      await stack.demo("trouble", { token: "ok" });
      const renewed = timeline.getByText(/^Renewed/);
      const before = await renewed.count();
      await renewed.nth(before).waitFor();
    },
  },
  {
    name: "call",
    person: "supervisor",
    async prepare(page) {
      await openAda(page);
      await page.keyboard.press("Control+i");
      await page.getByRole("button", { name: "Show call ListUsers" }).first().click();
    },
  },
  {
    name: "palette",
    person: "supervisor",
    async prepare(page) {
      await openAda(page);
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "shortcuts",
    person: "supervisor",
    async prepare(page) {
      await lookUp(page, "ad", "Ada Lovelace");
      await page.getByRole("button", { name: /^Shortcuts/ }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "account",
    person: "supervisor",
    async prepare(page) {
      await lookUp(page, "ad", "Ada Lovelace");
      await page.getByRole("button", { name: /^Account/ }).click();
    },
  },
  {
    name: "many",
    person: "supervisor",
    async prepare(page) {
      await page.goto("/many");
      await page
        .getByRole("textbox")
        .last()
        .fill("user123\nuser124\nuser9999999\nnobody@nowhere.example");
      await page.getByRole("button", { name: "Look up" }).click();
      await page.getByText(/2 missing/).waitFor();
    },
  },
  {
    name: "no-match",
    person: "supervisor",
    async prepare(page) {
      await page.goto("/?q=ada+lov&status=locked");
      await page.getByRole("heading", { name: /^Nobody/ }).waitFor();
    },
  },
  {
    name: "denied",
    person: "guest",
    async prepare(page) {
      await searchBox(page).fill("ada");
      await page.getByText("You may not read users").waitFor();
    },
  },
  {
    name: "error",
    person: "supervisor",
    async prepare(page, { apiUrl }) {
      await page.route(`${apiUrl}/**`, (route) => route.abort());
      await page.goto("/?q=ada");
      await page.getByText("The user service did not answer").waitFor();
    },
    clear: (page) => page.unrouteAll(),
  },
  {
    name: "offline",
    person: "supervisor",
    async prepare(page) {
      await openAda(page);
      await page.context().setOffline(true);
      await page.getByText(/^You are offline/).waitFor();
    },
    clear: (page) => page.context().setOffline(false),
  },
  {
    name: "ended",
    person: "supervisor",
    async prepare(page, stack) {
      await openAda(page);
      await stack.demo("revoke", {});
      await page.getByText(/^Your session ended/).waitFor({ timeout: 60_000 });
    },
  },
];

async function openAda(page: Page): Promise<void> {
  await lookUp(page, "ad", "Ada Lovelace");
  await page.getByRole("link", { name: "Ada Lovelace" }).first().click();
  await page.getByText("Live", { exact: true }).waitFor();
}

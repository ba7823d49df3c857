import { test as base, expect } from "@playwright/test";
import type { Page } from "@playwright/test";
import { startStack } from "./stack.ts";
import type { Stack, StackOptions } from "./stack.ts";

/** What the browser complained about: violations of the policy, and errors of the page. */
export interface Complaints {
  readonly violations: string[];
  readonly pageErrors: string[];
}

/** What a file may choose for its stack. */
export interface StackChoice {
  readonly accessTokenTtlSeconds: number;
  readonly seedUsers: number;
  /** What `config.json` says beyond the addresses. */
  readonly siteConfig: NonNullable<StackOptions["siteConfig"]>;
}

/** A test with the whole product; token lifetime 4 s and 2,000 users unless a file says otherwise. */
export const test = base.extend<
  { readonly complaints: Complaints },
  StackChoice & { readonly stack: Stack }
>({
  accessTokenTtlSeconds: [4, { option: true, scope: "worker" }],
  seedUsers: [2_000, { option: true, scope: "worker" }],
  siteConfig: [{}, { option: true, scope: "worker" }],
  stack: [
    async ({ accessTokenTtlSeconds, seedUsers, siteConfig }, provide) => {
      const stack = await startStack({ accessTokenTtlSeconds, seedUsers, siteConfig });
      await provide(stack);
      await stack.close();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ stack }, provide) => provide(stack.dashboardUrl),
  complaints: [
    async ({ context }, provide) => {
      const complaints: Complaints = { violations: [], pageErrors: [] };
      context.on("console", (message) => {
        if (/Content.Security.Policy|Trusted ?(Type|HTML|Script)/i.test(message.text())) {
          complaints.violations.push(message.text());
        }
      });
      context.on("weberror", (error) => void complaints.pageErrors.push(error.error().message));
      await provide(complaints);
      expect(complaints).toEqual({ violations: [], pageErrors: [] });
    },
    { auto: true },
  ],
});

export { expect };

/** For what takes several pages, one after the other, on a machine that does other things too. */
export const patience = { timeout: 30_000 };

/** Signs in from the sign-in screen of the dashboard. */
export async function signIn(page: Page, person = "support"): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: new RegExp(`^${person}`) }).click();
  await expect(searchBox(page)).toBeVisible(patience);
}

/** The one box for everything. */
export function searchBox(page: Page) {
  return page.getByRole("searchbox", { name: "Search users" });
}

/** Types into the box and waits for a result with this name. */
export async function lookUp(page: Page, query: string, name: string): Promise<void> {
  await searchBox(page).fill(query);
  await expect(page.getByRole("row").filter({ hasText: name }).first()).toBeVisible();
}

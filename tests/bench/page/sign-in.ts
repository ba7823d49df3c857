import type { Browser, BrowserContext } from "@playwright/test";
import type { Stack } from "../../e2e/support/stack.ts";
import { installProbe } from "./in-page.ts";

/** A context in which a person has signed in, and whose pages have `window.probe`. */
export async function signIn(browser: Browser, stack: Stack): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(stack.dashboardUrl);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^support/ }).click();
  await page.getByRole("searchbox").waitFor();
  await page.close();
  await context.addInitScript(installProbe);
  return context;
}

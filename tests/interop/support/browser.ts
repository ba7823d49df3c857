import { chromium } from "@playwright/test";
import type { Browser, BrowserContext } from "@playwright/test";
import { findBrowser } from "../../../scripts/find-browser.mjs";

/** A person's browser, and what it complained about on the pages of one origin. */
export interface TestBrowser {
  readonly context: BrowserContext;
  /** Violations of the Content-Security-Policy and of Trusted Types. */
  readonly violations: readonly string[];
  readonly pageErrors: readonly string[];
  close(): Promise<void>;
}

/** Starts Chromium with an empty profile, and listens to the pages at `origin`. */
export async function startBrowser(origin: string): Promise<TestBrowser> {
  const executablePath = findBrowser();
  const browser: Browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ["--no-sandbox", "--no-first-run", "--disable-background-networking"],
  });
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  const violations: string[] = [];
  const pageErrors: string[] = [];
  context.on("console", (message) => {
    const isOurs = message.page()?.url().startsWith(origin) === true;
    if (isOurs && /Content.Security.Policy|Trusted ?(Type|HTML|Script)/i.test(message.text())) {
      violations.push(message.text());
    }
  });
  context.on("weberror", (error) => {
    if (error.page()?.url().startsWith(origin) === true) pageErrors.push(error.error().message);
  });
  return { context, violations, pageErrors, close: () => browser.close() };
}

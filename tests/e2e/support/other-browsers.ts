import { existsSync } from "node:fs";
import { firefox, webkit } from "@playwright/test";

/** A browser beside Chromium, and whether Playwright has it on this machine. */
export interface OtherBrowser {
  readonly name: "firefox" | "webkit";
  readonly present: boolean;
}

/** The browsers that the suite also runs in where they are installed. */
export const otherBrowsers: readonly OtherBrowser[] = [
  { name: "firefox", present: existsSync(firefox.executablePath()) },
  { name: "webkit", present: existsSync(webkit.executablePath()) },
];

/** What says nothing about a browser's clipboard, cache or protocol runs in all of them. */
export const specsForAll = [
  "**/lookup/first-look.spec.ts",
  "**/people.spec.ts",
  "**/tabs.spec.ts",
  "**/token-life.spec.ts",
  "**/recents.spec.ts",
  "**/never-in-the-way.spec.ts",
  "**/accessibility.spec.ts",
  "**/accessibility-panels.spec.ts",
];

import type { LaunchOptions } from "@playwright/test";
import config from "../../playwright.config.ts";

/** How this machine's Chromium is started, for who starts it beside the end-to-end tests. */
export const launchOptions: LaunchOptions =
  config.projects?.find(({ name }) => name === "chromium")?.use?.launchOptions ?? {};

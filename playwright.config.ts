import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/find-browser.mjs";
import { otherBrowsers, specsForAll } from "./tests/e2e/support/other-browsers.ts";

const executablePath = findBrowser();
const inCi = process.env["CI"] !== undefined;

const chromium = {
  ...(executablePath === undefined ? {} : { executablePath }),
  args: [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
  ],
};

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results/e2e",
  // Each file starts servers of its own. Most of a test is waiting for a token to
  // expire, so two cores carry three at a time.
  workers: 3,
  // A retry would hide exactly the races that these tests look for.
  retries: 0,
  forbidOnly: inCi,
  // Ends only what hangs: everything that a test waits for has a limit of its own.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [
    ["list"],
    ["json", { outputFile: ".cache/test/e2e.json" }],
    ["./tests/e2e/support/name-skipped.ts"],
  ],
  use: {
    // A trace holds every request, and so tokens: it stays on a developer's machine.
    trace: inCi ? "off" : "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "chromium", use: { browserName: "chromium", launchOptions: chromium } },
    ...otherBrowsers
      .filter(({ present }) => present)
      .map(({ name }) => ({ name, use: { browserName: name }, testMatch: specsForAll })),
  ],
});

import { chromium } from "@playwright/test";
import type { CDPSession, Page } from "@playwright/test";
import { launchOptions } from "../support/launch-options.ts";
import { createSiteServer } from "../../scripts/site-server.ts";
import { parseSiteConfig } from "../../src/site/index.ts";
import { buildPage } from "../support/build-page.ts";
import { median, summarise } from "./bench-result.ts";
import type { BenchResult } from "./bench-result.ts";
import type { Asked } from "./get-token/page.ts";

const rounds = 21;
const times: Readonly<Record<Asked, number>> = { session: 100_000, manager: 4_000 };

/** What a fresh token costs in Chromium: microseconds of the page's CPU for each call. */
export async function bench(): Promise<readonly BenchResult[]> {
  const built = await buildPage("tests/bench/get-token");
  const site = await createSiteServer({ root: built.root, config: siteConfig(), port: 0 });
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.evaluate(() => window.prepare());
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    return await measure(page, cdp);
  } finally {
    await browser.close();
    await site.close();
    await built.remove();
  }
}

async function measure(page: Page, cdp: CDPSession): Promise<readonly BenchResult[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -3; round < rounds; round++) {
    // Interleaved, so that a busy machine slows both; the first rounds warm up.
    const session = await microseconds(page, cdp, "session");
    const manager = await microseconds(page, cdp, "manager");
    if (round < 0) continue;
    ours.push(session);
    theirs.push(manager);
  }
  return [
    {
      name: "a fresh token: session.getToken()",
      ...summarise(ours),
      unit: "µs CPU",
      peer: "oidc-client-ts UserManager.getUser()",
      ratio: median(ours) / median(theirs),
    },
    {
      name: "a fresh token: UserManager.getUser()",
      ...summarise(theirs),
      unit: "µs CPU",
    },
  ];
}

async function microseconds(page: Page, cdp: CDPSession, whom: Asked): Promise<number> {
  const before = await cpuSeconds(cdp);
  await page.evaluate(([name, count]) => window.ask(name, count), [whom, times[whom]] as const);
  return (((await cpuSeconds(cdp)) - before) * 1e6) / times[whom];
}

/** The time that the page's main thread has been on a processor: not the time it waited for one. */
async function cpuSeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = metrics.find(({ name }) => name === "ThreadTime");
  if (metric === undefined) throw new Error("This Chromium does not tell its thread's time.");
  return metric.value;
}

function siteConfig() {
  return parseSiteConfig({
    issuer: "https://issuer.example",
    clientId: "bench",
    scopes: ["openid"],
    apiBaseUrl: "https://api.example",
  });
}

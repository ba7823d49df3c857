import { execFileSync } from "node:child_process";
import { chromium } from "@playwright/test";
import type { BrowserContext } from "@playwright/test";
import { launchOptions } from "../support/launch-options.ts";
import { measureSite } from "../../scripts/bundle-size/site.ts";
import { startStack } from "../e2e/support/stack.ts";
import type { Stack } from "../e2e/support/stack.ts";
import { summarise } from "./bench-result.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { measureHeap } from "./page/heap.ts";
import { mainPath } from "./page/main-path.ts";
import { signIn } from "./page/sign-in.ts";
import { openBare } from "./store/bare.ts";
import { userDatabase } from "./store/databases.ts";

const users = 100_000;
const loads = 9;
/** What a person waits for, in Chromium, on the site as it is deployed. */
export async function bench({ quick }: BenchOptions): Promise<readonly BenchResult[]> {
  execFileSync("node", ["scripts/build-site.ts"], { stdio: ["ignore", "ignore", "inherit"] });
  const databaseFile = userDatabase(users);
  const stack = await startStack({ accessTokenTtlSeconds: 3_600, databaseFile });
  const browser = await chromium.launch(launchOptions);
  try {
    const names = frequentNames(databaseFile);
    const context = await signIn(browser, stack);
    return [
      ...(await firstLoads(context, stack)),
      ...(await mainPath(context, stack, names.slice(0, quick ? 6 : 24))),
      ...(await measureHeap(stack, names, quick ? 200 : 1_000)),
      ...(await sizes()),
    ];
  } finally {
    await browser.close();
    await stack.close();
  }
}

/** Names that many have: whoever types one finds somebody with each letter. */
function frequentNames(databaseFile: string): string[] {
  const bare = openBare(databaseFile);
  try {
    const rows = bare.ask(
      "SELECT word FROM user_words WHERE word GLOB '[a-z][a-z][a-z][a-z]*' AND length(word) < 9 " +
        "GROUP BY word HAVING count(*) > 100 ORDER BY substr(word, -2), word",
    );
    return rows.map((row) => String(row["word"]));
  } finally {
    bare.close();
  }
}

/** From the navigation to a box that can be typed into, with nothing in the browser's cache. */
async function firstLoads(context: BrowserContext, stack: Stack): Promise<BenchResult[]> {
  const times: number[] = [];
  for (let load = 0; load < loads; load++) {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Network.clearBrowserCache");
    await page.goto(stack.dashboardUrl);
    const at = await page.waitForFunction(() => window.boxUsableAt);
    times.push(Number(await at.jsonValue()));
    await page.close();
  }
  const name = "first load to a usable box, with a session: slowest of 9";
  const { spread } = summarise(times);
  return [{ name, value: Math.max(...times), unit: "ms", atMost: 1_000, spread }];
}

async function sizes(): Promise<BenchResult[]> {
  const { measurements } = await measureSite("dist/site");
  return measurements.map(({ name, bytes, limit }) => ({
    name: `${name}, gzip`,
    value: bytes / 1000,
    unit: "kB",
    atMost: limit / 1000,
    spread: 0,
  }));
}

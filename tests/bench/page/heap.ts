import { chromium } from "@playwright/test";
import type { CDPSession, Page } from "@playwright/test";
import type { Stack } from "../../e2e/support/stack.ts";
import { launchOptions } from "../../support/launch-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { signIn } from "./sign-in.ts";

const searchesBefore = 100;
const queryCacheMs = 65_000;
// V8 compiles a function again and again, ever faster and larger, as it is called more often.
const withoutCompilers = "--js-flags=--no-sparkplug --no-maglev --no-turbofan";

/** What a page has kept after many searches, when what may be forgotten was forgotten. */
export async function measureHeap(stack: Stack, searches: number): Promise<BenchResult[]> {
  const kept = await heapOf(stack, searches, [withoutCompilers]);
  const all = await heapOf(stack, searches, []);
  return [
    megabytes(`heap after ${searchesBefore} searches`, kept.before),
    { ...comparison(`heap after ${searches} searches`, kept), ratioAtMost: 1.1 },
    comparison(`heap after ${searches} searches, with what V8 compiled`, all),
  ];
}

interface Heap {
  readonly before: number;
  readonly after: number;
}

function comparison(name: string, { before, after }: Heap): BenchResult {
  const peer = `after ${searchesBefore}`;
  return { ...megabytes(name, after), peer, ratio: after / before };
}

function megabytes(name: string, bytes: number): BenchResult {
  return { name, value: bytes / 1e6, unit: "MB", spread: 0 };
}

async function heapOf(stack: Stack, searches: number, flags: readonly string[]): Promise<Heap> {
  const args = [...(launchOptions.args ?? []), ...flags];
  const browser = await chromium.launch({ ...launchOptions, args });
  try {
    const context = await signIn(browser, stack);
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(stack.dashboardUrl);
    await page.getByRole("searchbox").waitFor();
    const cdp = await context.newCDPSession(page);
    await searchOften(page, 0, searchesBefore);
    const before = await heapBytes(page, cdp);
    await searchOften(page, searchesBefore, searches);
    return { before, after: await heapBytes(page, cdp) };
  } finally {
    await browser.close();
  }
}

async function searchOften(page: Page, from: number, to: number): Promise<void> {
  const box = page.getByRole("searchbox");
  for (let number = from; number < to; number++) {
    const query = `user${1_000 + number * 7}`;
    await box.fill(query);
    await page.evaluate((text) => window.probe.shown(text), query);
  }
}

async function heapBytes(page: Page, cdp: CDPSession): Promise<number> {
  await page.getByRole("searchbox").fill("user123");
  await page.evaluate(() => window.probe.shown("user123"));
  await page.clock.fastForward(queryCacheMs);
  await page.evaluate(() => window.probe.shown("user123"));
  // The same page each time: rows below the screen come when the browser is idle.
  await page.locator("table.results tbody tr").nth(49).waitFor({ state: "attached" });
  for (let round = 0; round < 3; round++) await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  return usedSize;
}

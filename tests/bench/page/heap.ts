import { chromium } from "@playwright/test";
import type { CDPSession, Page } from "@playwright/test";
import type { Stack } from "../../e2e/support/stack.ts";
import { launchOptions } from "../../support/launch-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { signIn } from "./sign-in.ts";

const searchesBefore = 100;
// A round frees what the one before it has let go of.
const rounds = 5;

/**
 * What a page has kept after many searches, when what may be forgotten was
 * forgotten. A search is a name typed letter by letter, with its results after
 * each of them.
 */
export async function measureHeap(
  stack: Stack,
  names: readonly string[],
  searches: number,
): Promise<BenchResult[]> {
  const browser = await chromium.launch(launchOptions);
  try {
    const context = await signIn(browser, stack);
    const page = await context.newPage();
    await page.goto(stack.dashboardUrl);
    await page.getByRole("searchbox").focus();
    const cdp = await context.newCDPSession(page);
    const weighAfter = async (from: number, to: number) => {
      for (let number = from; number < to; number++) {
        await type(page, names[number % names.length] ?? "");
      }
      return heapBytes(page, cdp);
    };
    const before = await weighAfter(0, searchesBefore);
    const after = await weighAfter(searchesBefore, searches);
    return [
      megabytes(`heap after ${searchesBefore} searches`, before),
      {
        ...megabytes(`heap after ${searches} searches`, after),
        peer: `after ${searchesBefore}`,
        ratio: after / before,
        ratioAtMost: 1.1,
      },
    ];
  } finally {
    await browser.close();
  }
}

function megabytes(name: string, bytes: number): BenchResult {
  return { name, value: bytes / 1e6, unit: "MB", spread: 0 };
}

/** Types over what is in the box, the next letter when the results of the last are there. */
async function type(page: Page, name: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+A");
  for (let length = 1; length <= name.length; length++) {
    const query = name.slice(0, length);
    await page.keyboard.press(query.slice(-1));
    await page.evaluate((text) => window.probe.shown(text), query);
  }
}

async function heapBytes(page: Page, cdp: CDPSession): Promise<number> {
  // The same page each time: rows below the screen come when the browser is idle.
  await type(page, "lopez");
  await page.locator("table.results tbody tr").nth(49).waitFor({ state: "attached" });
  for (let round = 0; round < rounds; round++) await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  return usedSize;
}

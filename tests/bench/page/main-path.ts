import type { BrowserContext, Page } from "@playwright/test";
import type { Stack } from "../../e2e/support/stack.ts";
import { settled } from "../../support/settled.ts";
import { quantile, summarise } from "../bench-result.ts";
import type { BenchResult } from "../bench-result.ts";
import type { Painted } from "./in-page.ts";

const openings = 20;
const timeoutMs = 20_000;

/** What a person does all day, and how long each thing takes. */
export async function mainPath(
  context: BrowserContext,
  stack: Stack,
  names: readonly string[],
): Promise<BenchResult[]> {
  const page = await context.newPage();
  page.setDefaultTimeout(timeoutMs);
  const nextPainted = await listenTo(page);
  await page.goto(stack.dashboardUrl);
  await page.getByRole("searchbox").waitFor();
  await page.evaluate(() => window.probe.watchInteractions());
  await typeNames(page, nextPainted, names.slice(0, 3));
  const keys = await typeNames(page, nextPainted, names);
  const opened = await openUsers(page, nextPainted);
  await tryTheRest(page);
  const interactions = await page.evaluate(() => window.probe.interactions());
  await page.close();
  return [
    milliseconds("a key to its painted results: p50", keys, 0.5),
    { ...milliseconds("a key to its painted results: p95", keys, 0.95), atMost: 50 },
    milliseconds(
      "a click to the painted user: p95",
      opened.map(({ ms }) => ms),
      0.95,
    ),
    {
      name: "frames until a user is there: most",
      value: Math.max(...opened.map(({ frames }) => frames)),
      unit: "frames",
      atMost: 1,
      spread: 0,
    },
    // web.dev/articles/inp: one in fifty interactions may be slower.
    {
      ...milliseconds(`INP of ${interactions.length} interactions`, interactions, 0.98),
      atMost: 50,
    },
  ];
}

function milliseconds(name: string, values: readonly number[], share: number): BenchResult {
  const { spread } = summarise(values);
  return { name, value: quantile(values, share), unit: "ms", spread };
}

/** What the page tells next: to ask it would take time from what is measured. */
async function listenTo(page: Page): Promise<() => Promise<Painted>> {
  const next = { resolve: (_painted: Painted) => {}, reject: (_reason: Error) => {} };
  await page.exposeFunction("tellPainted", (painted: Painted) => next.resolve(painted));
  await page.exposeFunction("tellFailed", (message: string) => next.reject(new Error(message)));
  return () => new Promise((resolve, reject) => Object.assign(next, { resolve, reject }));
}

/** Types each name letter by letter, the next one when the results of the last are painted. */
async function typeNames(
  page: Page,
  nextPainted: () => Promise<Painted>,
  typed: readonly string[],
): Promise<number[]> {
  const times: number[] = [];
  const box = page.getByRole("searchbox");
  for (const name of typed) {
    await box.fill("");
    await page.locator("table.results").waitFor({ state: "detached" });
    await box.focus();
    await settled(page);
    for (let length = 1; length <= name.length; length++) {
      const query = name.slice(0, length);
      const key = query.slice(-1);
      await page.evaluate((text) => window.probe.expectKey(text), query);
      const painted = nextPainted();
      await page.keyboard.down(key);
      times.push((await painted).ms);
      await page.keyboard.up(key);
    }
  }
  return times;
}

async function openUsers(page: Page, nextPainted: () => Promise<Painted>): Promise<Painted[]> {
  const times: Painted[] = [];
  for (let index = 0; index < openings; index++) {
    // The pointer is there before somebody clicks, and the page has shown it.
    await page.locator("table.results tbody tr").nth(index).locator("a").hover();
    await settled(page);
    await page.evaluate(() => window.probe.expectClick());
    const painted = nextPainted();
    await page.mouse.down();
    await page.mouse.up();
    times.push(await painted);
    // Every other one is read until there is nothing to come, the others are closed at once.
    if (index % 2 === 0) {
      await page.locator("aside.drawer .live-live").waitFor();
      await page.locator("main[data-beside]").waitFor();
    }
    await page.keyboard.press("Escape");
    await page.locator("main:not([data-open], [data-beside])").waitFor();
  }
  return times;
}

/** What else a person does all day: another order, the list by keyboard. */
async function tryTheRest(page: Page): Promise<void> {
  const columns = page.getByRole("columnheader").getByRole("button");
  for (let index = 0; index < (await columns.count()); index++) {
    await columns.nth(index).click();
    await page.locator('table.results[aria-busy="false"]').waitFor();
  }
  await page.keyboard.press("Escape");
  for (let step = 0; step < 10; step++) await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.locator("aside.drawer").waitFor();
  await page.keyboard.press("Escape");
}

import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { chromium } from "@playwright/test";
import type { BrowserContext } from "@playwright/test";
import { signIn } from "../e2e/support/fixtures.ts";
import { startStack } from "../e2e/support/stack.ts";
import type { Stack } from "../e2e/support/stack.ts";
import { launchOptions } from "../support/launch-options.ts";
import { summarise } from "./bench-result.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { audit } from "./lighthouse/audit.ts";
import type { Audit, Category } from "./lighthouse/audit.ts";

/** What the production build promises on every page that is audited, on a phone and on a desk. */
const atLeast: Readonly<Record<Category, number>> = {
  performance: 98,
  accessibility: 100,
  "best-practices": 100,
};

// Not the doctor: it asks for answers that are refused, on purpose, and browsers log each of them as an error.
const pages: readonly { readonly name: string; readonly path: string }[] = [
  { name: "signed out", path: "/" },
  { name: "signed in, start", path: "/" },
  { name: "signed in, search results", path: "/?q=ada" },
  { name: "signed in, one user", path: "/users/user123" },
];

/**
 * Lighthouse over the production build and the real backend: a phone on slow
 * 4G, as Lighthouse has it, and a desktop. What it complains about is printed.
 */
export async function bench({ quick }: BenchOptions): Promise<readonly BenchResult[]> {
  execFileSync("node", ["scripts/build-site.ts"], { stdio: ["ignore", "ignore", "inherit"] });
  const stack = await startStack({ accessTokenTtlSeconds: 600 });
  const folder = await mkdtemp(join(tmpdir(), "lighthouse-"));
  const port = await freePort();
  const context = await chromium.launchPersistentContext(folder, {
    ...launchOptions,
    args: [...(launchOptions.args ?? []), `--remote-debugging-port=${port}`],
    baseURL: stack.dashboardUrl,
  });
  try {
    return await measure(context, stack, { port, rounds: quick ? 1 : 3 });
  } finally {
    await context.close();
    await stack.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  context: BrowserContext,
  stack: Stack,
  { port, rounds }: { readonly port: number; readonly rounds: number },
) {
  const results: BenchResult[] = [];
  for (const { name, path } of pages) {
    if (name === "signed in, start") await signIn(await context.newPage());
    for (const formFactor of ["mobile", "desktop"] as const) {
      const audits: Audit[] = [];
      for (let round = 0; round < rounds; round++) {
        await forgetFiles(context);
        audits.push(await audit(`${stack.dashboardUrl}${path}`, { port, formFactor }));
      }
      results.push(...toResults(name, formFactor, audits));
    }
  }
  return results;
}

/** A first visit: the session stays, which Lighthouse would remove together with the files. */
async function forgetFiles(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.clearBrowserCache");
  await page.close();
}

function toResults(name: string, formFactor: string, audits: readonly Audit[]): BenchResult[] {
  const where = `${name}, ${formFactor}`;
  const complaints = new Set(audits.flatMap((each) => each.complaints));
  for (const complaint of complaints) console.log(`${where}: ${complaint}`);
  return Object.entries(atLeast).map(([category, least]) => ({
    name: `Lighthouse ${category}: ${where}`,
    ...summarise(audits.map((each) => each.scores[category as Category])),
    unit: "of 100",
    atLeast: least,
  }));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}

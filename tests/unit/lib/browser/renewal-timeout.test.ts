import { afterEach, beforeEach, expect, test } from "vitest";
import { app, createFakeBrowser, signInNewTab } from "../../../support/browser/browser-tab.ts";
import type { FakeBrowser } from "../../../support/browser/browser-tab.ts";
import type { Lock } from "../../../../src/lib/core/index.ts";

let browser: FakeBrowser;

beforeEach(() => {
  browser = createFakeBrowser();
});
afterEach(() => browser.close());

test.each([
  [undefined, 25_000],
  [3_000, 8_000],
])(
  "with a renewal of at most %s ms another tab's lock is waited for %i ms",
  async (renewalTimeoutMs, expected) => {
    await signInNewTab(browser);
    const waits: number[] = [];
    const lock: Lock = {
      run: (_name, { acquireTimeoutMs }, task) => {
        waits.push(acquireTimeoutMs);
        return task(true);
      },
    };
    const tab = browser.openTab(`${app}/lookup/`, { renewalTimeoutMs, ports: { lock } });
    const { value } = await tab.session.getToken();
    await tab.session.getToken({ rejected: value });
    expect(waits).toEqual([expected]);
  },
);

import type { Page } from "@playwright/test";

/** Everything that leaves a page or stays behind in it. */
export interface Spill {
  /** Every request with its headers and body, and every line of the console. */
  readonly sent: string[];
  /** What the browser keeps now: the address, the history entry, the storages. */
  kept(): Promise<string>;
}

/** Writes down what a page sends and prints, from now on. */
export function watchSpill(page: Page): Spill {
  const sent: string[] = [];
  page.on("request", (request) => {
    const body = request.postDataBuffer()?.toString("latin1") ?? "";
    sent.push([request.url(), JSON.stringify(request.headers()), body].join("\n"));
  });
  page.on("console", (message) => sent.push(message.text()));
  return {
    sent,
    kept: async () => {
      const state = await page.evaluate(async () => {
        const databases = await indexedDB.databases();
        const storages = [Object.entries(localStorage), Object.entries(sessionStorage)];
        return JSON.stringify([location.href, history.state, storages, databases, document.title]);
      });
      const cookies = await page.context().cookies();
      return state + JSON.stringify(cookies);
    },
  };
}

import type { Page } from "../../../src/lib/browser/page.ts";

/** A page whose address bar, history and tabs can be looked at. */
export interface FakePage extends Page {
  /** What happened, in order: `replace …`, `leave for …`, `open …`, `close`. */
  readonly log: readonly string[];
  /** The last address that the page was left for. */
  lastDeparture(): URL;
  /** The page is loaded anew at this address, as after a redirect. */
  arriveAt(href: string): void;
  /** Resolves when Back brings a page that was left; by default at once. */
  back: Promise<void>;
  /** Whether the browser lets a tab be opened. */
  allowsTabs: boolean;
}

/** A page at `href`, with a session storage of its own. */
export function createFakePage(href: string): FakePage {
  const log: string[] = [];
  let address = href;
  return {
    log,
    allowsTabs: true,
    back: Promise.resolve(),
    stateStorage: createStorage(),
    href: () => address,
    replaceAddress(next) {
      const url = new URL(next, address);
      if (url.origin !== new URL(address).origin) throw new DOMException(next, "SecurityError");
      log.push(`replace ${url.href}`);
      address = url.href;
    },
    leaveFor(next) {
      log.push(`leave for ${next}`);
      return this.back;
    },
    openTab(next) {
      if (this.allowsTabs) log.push(`open ${next}`);
      return this.allowsTabs;
    },
    closeTab: () => void log.push("close"),
    lastDeparture() {
      const last = log.findLast((line) => line.startsWith("leave for "));
      if (last === undefined) throw new Error(`The page was not left: ${log.join(", ")}`);
      return new URL(last.slice("leave for ".length));
    },
    arriveAt(next) {
      address = next;
    },
  };
}

function createStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}

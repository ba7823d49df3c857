/** What the tabs of one origin share, and what a browser gives to every page. */
export interface BrowserGlobals {
  /** `navigator.onLine`. */
  online: boolean;
  readonly localStorage: Storage;
  /** Takes the globals away again. */
  restore(): void;
}

/** Makes this process look like a page to libraries that ask for `window` and its family. */
export function installBrowserGlobals(fetchInstead: typeof fetch): BrowserGlobals {
  const local = createStorage();
  const browser = { online: true, localStorage: local, restore: () => undefined as void };
  const replaced: (() => void)[] = [];
  const define = (name: string, value: unknown) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    replaced.push(() => {
      if (before === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, before);
    });
  };
  define("window", globalThis);
  define("document", { cookie: "", visibilityState: "visible" });
  define("location", new URL("https://app.example/"));
  define("localStorage", local);
  define("sessionStorage", createStorage());
  define("navigator", {
    locks: createLockManager(),
    userAgent: "",
    get onLine() {
      return browser.online;
    },
  });
  define("BroadcastChannel", createChannelClass());
  define("fetch", fetchInstead);
  browser.restore = () => replaced.toReversed().forEach((undo) => undo());
  return browser;
}

/** A storage of its own. */
export function createStorage(): Storage {
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

type LockRequest = Pick<LockManager, "request">;

/** Web Locks, exclusive ones only. */
function createLockManager(): LockRequest {
  const tails = new Map<string, Promise<unknown>>();
  async function request<T>(
    name: string,
    options: LockOptions,
    task: (lock: Lock) => Promise<T>,
  ): Promise<T> {
    let left = false;
    const begun = (tails.get(name) ?? Promise.resolve()).then(() => {
      if (!left) return undefined;
      throw new DOMException("The request was aborted.", "AbortError");
    });
    const run = begun.then(() => task({ name, mode: "exclusive" }));
    tails.set(
      name,
      run.catch(() => undefined),
    );
    const aborted = new Promise<never>((_, reject) => {
      options.signal?.addEventListener("abort", () => {
        left = true;
        reject(new DOMException("The request was aborted.", "AbortError"));
      });
    });
    await Promise.race([begun, aborted]);
    return run;
  }
  return { request: request as LockManager["request"] };
}

const deliveryMs = 1;

function createChannelClass() {
  const open = new Set<Channel>();
  class Channel {
    readonly #name: string;
    readonly #listeners = new Set<(event: { readonly data: unknown }) => void>();
    constructor(name: string) {
      this.#name = name;
      open.add(this);
    }
    addEventListener(_: "message", listener: (event: { readonly data: unknown }) => void): void {
      this.#listeners.add(listener);
    }
    postMessage(message: unknown): void {
      const data: unknown = structuredClone(message);
      for (const other of open) {
        if (other === this || other.#name !== this.#name) continue;
        setTimeout(() => other.#listeners.forEach((listener) => listener({ data })), deliveryMs);
      }
    }
    close(): void {
      open.delete(this);
    }
  }
  return Channel;
}

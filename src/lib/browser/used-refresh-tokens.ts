import type { Store } from "../core/ports.ts";

/** The refresh tokens that were replaced, in any tab of this browser; by their digests only. */
export interface UsedRefreshTokens {
  /** Whether this one was. False when nobody can tell. */
  has(refreshToken: string | undefined): Promise<boolean>;
  /** Remembers that this one was. Never rejects. */
  add(refreshToken: string): Promise<void>;
}

/** More than a browser's tabs replace while one of them sleeps. */
const remembered = 200;

/** Keeps the digests in a store that all tabs share. */
export function createUsedRefreshTokens(store: Store): UsedRefreshTokens {
  const list = (text: string | undefined) => (text ?? "").split(" ").filter(Boolean);
  return {
    async has(refreshToken) {
      if (refreshToken === undefined) return false;
      const [found, digest] = await Promise.all([store.read(), digestOf(refreshToken)]);
      return digest !== undefined && list(found?.value).includes(digest);
    },
    async add(refreshToken) {
      const digest = await digestOf(refreshToken);
      if (digest === undefined) return;
      for (let revision: string | undefined; revision === undefined;) {
        const found = await store.read();
        const digests = [...list(found?.value), digest].slice(-remembered);
        revision = await store.replace(found?.revision, digests.join(" "));
      }
    },
  };
}

/** WebCrypto is missing where the page came over plain http from another machine. */
async function digestOf(text: string): Promise<string | undefined> {
  try {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return undefined;
  }
}

import type { Page } from "@playwright/test";

/** What one IndexedDB database holds; bytes as Latin-1 text, so that plain text in them is found. */
export interface StoredDatabase {
  readonly name: string;
  readonly records: readonly unknown[];
  /** Whether a script can export each key. */
  readonly extractable: readonly boolean[];
}

/** All that lies in the page's IndexedDB. */
export function readDatabases(page: Page): Promise<StoredDatabase[]> {
  return page.evaluate(async () => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB")));
      });
    const readable = (value: unknown): unknown => {
      if (value instanceof ArrayBuffer || value instanceof Uint8Array) {
        return new TextDecoder("latin1").decode(value);
      }
      if (typeof value !== "object" || value === null) return value;
      if (value instanceof CryptoKey) return { extractable: value.extractable };
      return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, readable(part)]),
      );
    };
    const read = async (name: string) => {
      const database = await settle(indexedDB.open(name));
      const stores = [...database.objectStoreNames];
      const all = async (store: string) =>
        settle<unknown[]>(database.transaction(store).objectStore(store).getAll());
      const keys = (stores.includes("keys") ? await all("keys") : []) as { key: CryptoKey }[];
      const others = await Promise.all(stores.filter((store) => store !== "keys").map(all));
      database.close();
      return {
        name,
        records: others.flat().map(readable),
        extractable: keys.map(({ key }) => key.extractable),
      };
    };
    const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
    return Promise.all(names.map(read));
  });
}

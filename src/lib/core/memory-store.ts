import type { Store, StoredRecord } from "./ports.ts";

/**
 * A store that lasts as long as this object: for a session that must leave no
 * trace on the machine, for edge runtimes and for tests.
 */
export function createMemoryStore(): Store {
  let record: StoredRecord | undefined;
  let replacements = 0;
  return {
    read: () => Promise.resolve(record),
    replace(expected, value) {
      if (record?.revision !== expected) return Promise.resolve(undefined);
      replacements += 1;
      record = { revision: String(replacements), value };
      return Promise.resolve(record.revision);
    },
  };
}

import type { Store } from "./ports.ts";
import { formatRecord, parseRecord } from "./session-record.ts";
import type { SessionRecord } from "./session-record.ts";

/** What the store said, and the revision that a replacement of it must name. */
export interface LedgerEntry {
  /**
   * `record`: a session. `removed`: somebody has signed out. `absent`: nothing
   * was ever stored, or the storage was cleared. `foreign`: written by another
   * build or damaged, neither read nor overwritten. `failed`: the store does not
   * work.
   */
  readonly kind: "record" | "removed" | "absent" | "foreign" | "failed";
  readonly record: SessionRecord | undefined;
  readonly revision: string | undefined;
}

/** Reads and replaces a session's record. Never rejects. */
export interface SessionLedger {
  read(): Promise<LedgerEntry>;
  /**
   * Replaces what was read (`undefined` removes it). False when somebody else
   * was faster: read again. A store that fails counts as written, because the
   * session then lives in memory; a foreign record is left alone.
   */
  write(entry: LedgerEntry, record: SessionRecord | undefined): Promise<boolean>;
}

/** A ledger over a store; `warn` hears of trouble with it. */
export function createSessionLedger(store: Store, warn: (message: string) => void): SessionLedger {
  async function guard<T>(run: () => Promise<T>, fallback: T): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      warn(`The session's store does not work (${name}). The session lives in this tab only.`);
      return fallback;
    }
  }
  return {
    async read() {
      const entry = await guard(() => readEntry(store), failed);
      if (entry.kind === "foreign") {
        warn("The stored session was written by another version. It is left alone.");
      }
      return entry;
    },
    async write(entry, record) {
      if (entry.kind === "foreign") return true;
      const text = record === undefined ? undefined : formatRecord(record);
      return guard(async () => (await store.replace(entry.revision, text)) !== undefined, true);
    },
  };
}

const failed: LedgerEntry = { kind: "failed", record: undefined, revision: undefined };

async function readEntry(store: Store): Promise<LedgerEntry> {
  const stored = await store.read();
  if (stored === undefined) return { kind: "absent", record: undefined, revision: undefined };
  const { revision, value } = stored;
  if (value === undefined) return { kind: "removed", record: undefined, revision };
  const record = parseRecord(value);
  return { kind: record === undefined ? "foreign" : "record", record, revision };
}

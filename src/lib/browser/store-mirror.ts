import type { StoredRecord } from "../core/ports.ts";
import type { RecordStore } from "./indexeddb-store.ts";
import { UnreadableRecordError } from "./record-cipher.ts";

/** What this tab believes the storage holds. `read` and `replace` reject when it fails. */
export interface StoreMirror {
  /** The record as last seen or written, without the storage. */
  current(): StoredRecord | undefined;
  /** Brings both together: the storage wins, unless it is merely behind or was emptied. */
  synchronise(): Promise<void>;
  /** Writes through. False when somebody else was faster. */
  replace(expected: string | undefined, next: StoredRecord): Promise<boolean>;
  /**
   * Writes only here, to be saved by the next `synchronise`; but who signs out of a session that
   * no storage ever held has nothing to remove from one.
   */
  replaceInMemory(expected: string | undefined, next: StoredRecord): boolean;
}

const neverSeen = Symbol("never seen");

/** What this tab knows, and whether the storage still has to learn it. */
interface Belief {
  readonly record: StoredRecord | undefined;
  /** The revision that an unsaved record stands on. */
  readonly unsavedOn?: string | undefined | typeof neverSeen;
  readonly unsaved: boolean;
}

/** A mirror of `durable`. `onUnreadable` is told when a record had to be set aside. */
export function createStoreMirror(durable: RecordStore, onUnreadable: () => void): StoreMirror {
  let belief: Belief = { record: undefined, unsaved: false };
  let seen = false;
  let setAside: string | undefined;

  const read = () =>
    readDurable(durable, belief.record?.value, (revision) => {
      setAside = revision;
      onUnreadable();
    });
  const believe = (record: StoredRecord | undefined) => {
    belief = { record, unsaved: false };
    seen = true;
  };
  const synchronise = async () => {
    const found = await read();
    const { record } = belief;
    // A record that could not be read is not known to be empty, and must not be saved as such.
    const known = record !== undefined && record.revision !== setAside;
    if (!known || !isBehind(found, belief)) return believe(found);
    const saved = await durable.write(found?.revision, record);
    return believe(saved ? record : await read());
  };
  return {
    current: () => belief.record,
    synchronise,
    async replace(expected, next) {
      if (belief.unsaved) await synchronise();
      let written = await durable.write(expected, next);
      if (!written) {
        // Somebody was faster, or the storage was emptied, which can be mended, or this is the
        // second attempt at a write that was carried out without an answer.
        await synchronise();
        const found = belief.record?.revision;
        written = found === next.revision;
        if (found === expected) written = await durable.write(expected, next);
      }
      if (written) believe(next);
      return written;
    },
    replaceInMemory(expected, next) {
      if (belief.record?.revision !== expected) return false;
      const base = seen ? belief.record?.revision : neverSeen;
      const unsavedOn = belief.unsaved ? belief.unsavedOn : base;
      const ownOnly = unsavedOn === neverSeen && belief.record?.value !== undefined;
      belief = { record: next, unsavedOn, unsaved: !ownOnly || next.value !== undefined };
      return true;
    },
  };
}

/** Whether the storage has not heard of what this tab holds, and nobody else has written. */
function isBehind(found: StoredRecord | undefined, belief: Belief): boolean {
  if (found === undefined) return true;
  return belief.unsaved && (belief.unsavedOn === neverSeen || belief.unsavedOn === found.revision);
}

async function readDurable(
  durable: RecordStore,
  known: string | undefined,
  onUnreadable: (revision: string) => void,
): Promise<StoredRecord | undefined> {
  try {
    return await durable.read();
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    if (known === undefined) onUnreadable(error.revision);
    return { revision: error.revision, value: known };
  }
}

import type { StoredRecord } from "../core/ports.ts";
import type { RecordStore } from "./indexeddb-store.ts";
import { UnreadableRecordError } from "./record-cipher.ts";
import { goOn, prevails } from "./unsaved-record.ts";
import type { Outage } from "./unsaved-record.ts";

/** What this tab believes the storage holds. `read` and `replace` reject when it fails. */
export interface StoreMirror {
  /** The record as last seen or written, without the storage. */
  current(): StoredRecord | undefined;
  /**
   * Brings both together: the storage wins, unless it is merely behind or was emptied. Looks
   * again when another tab was faster: what that wrote may have to give way, too.
   */
  synchronise(): Promise<void>;
  /** Writes through. False when somebody else was faster. */
  replace(expected: string | undefined, next: StoredRecord): Promise<boolean>;
  /** Writes only here, at the time `now`, to be saved by the next `synchronise`. */
  replaceInMemory(expected: string | undefined, next: StoredRecord, now: number): boolean;
}

/** What a mirror tells of its work. */
export interface MirrorObserver {
  /** A record had to be set aside. */
  readonly onUnreadable: () => void;
  /** What happened during an outage has reached the storage. */
  readonly onSaved: () => void;
}

/** What this tab knows, and what the storage still has to learn of it. */
interface Belief {
  readonly record: StoredRecord | undefined;
  readonly outage?: Outage | undefined;
}

/** A mirror of `durable`. */
export function createStoreMirror(
  durable: RecordStore,
  { onUnreadable, onSaved }: MirrorObserver,
): StoreMirror {
  let belief: Belief = { record: undefined };
  let setAside: string | undefined;

  const read = () =>
    readDurable(durable, belief.record?.value, (revision) => {
      setAside = revision;
      onUnreadable();
    });
  const believe = (record: StoredRecord | undefined) => void (belief = { record });
  const synchronise = async () => {
    const { record, outage } = belief;
    for (let saved = false; !saved;) {
      const found = await read();
      // A record that could not be read is not known to be empty, and must not be saved as such.
      const known = record !== undefined && record.revision !== setAside;
      if (!known || !isBehind(found, record, outage)) return believe(found);
      saved = await durable.write(found?.revision, record);
    }
    believe(record);
    if (outage !== undefined) onSaved();
  };
  return {
    current: () => belief.record,
    synchronise,
    async replace(expected, next) {
      if (belief.outage !== undefined) await synchronise();
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
    replaceInMemory(expected, next, now) {
      const { record, outage } = belief;
      if (record?.revision !== expected) return false;
      belief = { record: next, outage: goOn(outage, record, next, now) };
      return true;
    },
  };
}

/** Whether the storage was emptied, or has to learn what happened here while it did not work. */
function isBehind(
  found: StoredRecord | undefined,
  record: StoredRecord,
  outage: Outage | undefined,
): boolean {
  return found === undefined || (outage !== undefined && prevails(outage, record, found));
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

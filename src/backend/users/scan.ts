import type { SQLOutputValue } from "node:sqlite";
import { endOfSlice, keyOf, readSlice } from "./source.ts";
import { firstOfOrder } from "./first-of-order.ts";
import { createSliceSize } from "./slice-size.ts";
import type { Key } from "./key-range.ts";
import type { Source } from "./source.ts";
import type { Pace } from "./pace.ts";
import type { Statements } from "./statements.ts";

const ROWS = { min: 64, max: 2_048 };
const MAX_SLICES = 500;

/** A place between two rows of a list of sources. */
export interface Position {
  readonly source: number;
  /** The key of the row before; undefined at the beginning of the source. */
  readonly key: Key | undefined;
}

/** The values of `USER_COLUMNS`, and more. */
type Row = readonly SQLOutputValue[];

/** Makes a source when it is its turn; undefined when it would be empty. */
export type MakeSource = () => Source | undefined | Promise<Source | undefined>;

/** Some rows, and where to go on; `next` is undefined when there are no more. */
export interface Scan {
  readonly rows: readonly Row[];
  readonly next: Position | undefined;
}

interface Slice {
  readonly rows: readonly Row[];
  /** Where the source goes on; undefined at its end. */
  readonly next: Key | undefined;
}

/**
 * Reads up to `limit` rows of the sources, one source after the other. May
 * return fewer although there are more when very many rows have to be left
 * out: `next` says where to go on (AIP-158).
 */
export async function scan(
  statements: Statements,
  sources: readonly MakeSource[],
  from: Position,
  { limit, pace }: { limit: number; pace: Pace },
): Promise<Scan> {
  const rows: Row[] = [];
  let slices = 0;
  for (let index = from.source; index < sources.length; index += 1) {
    const source = await sources[index]?.();
    if (!source) continue;
    const read = createReader(statements, source, pace);
    let key = index === from.source ? from.key : undefined;
    do {
      if (slices === MAX_SLICES) return { rows, next: { source: index, key } };
      slices += 1;
      const wanted = limit + 1 - rows.length;
      const slice = await read(key, wanted);
      if (slice.rows.length === wanted) {
        // The page may have ended with an earlier slice.
        const last = slice.rows[wanted - 2];
        rows.push(...slice.rows.slice(0, -1));
        return { rows, next: { source: index, key: last ? keyOf(source, last) : key } };
      }
      rows.push(...slice.rows);
      key = slice.next;
      await pace.rest();
    } while (key);
  }
  return { rows, next: undefined };
}

type Reader = (after: Key | undefined, limit: number) => Promise<Slice>;

function createReader(statements: Statements, source: Source, pace: Pace): Reader {
  const sliceSize = createSliceSize(ROWS);
  let current = source;
  let patience = source.shortcut?.afterRows ?? Infinity;
  return async (after, limit) => {
    if (current.shortcut && patience <= 0) {
      current = await current.shortcut.take();
      patience = current.shortcut?.afterRows ?? Infinity;
    }
    if (current.among) {
      const first = await firstOfOrder(statements, current, current.among, { after, limit, pace });
      const range = { after, end: undefined, limit };
      const read = readSlice(statements, current, { ...range, only: first.numbers });
      // Somebody else may have deleted some of them meanwhile.
      const end = first.isAll ? undefined : endOf(current, read, after);
      return sliceOf(read, current, { end, limit });
    }
    patience -= sliceSize.size;
    return sliceSize.measure((size) => {
      const end = endOfSlice(statements, current, after, size);
      return sliceOf(readSlice(statements, current, { after, end, limit }), current, {
        end,
        limit,
      });
    });
  };
}

function endOf(source: Source, read: readonly Row[], after: Key | undefined): Key | undefined {
  const last = read.at(-1);
  return last ? keyOf(source, last) : after;
}

function sliceOf(
  read: readonly Row[],
  source: Source,
  { end, limit }: { end: Key | undefined; limit: number },
): Slice {
  const { accept } = source;
  const rows = accept ? read.filter((row) => accept(keyOf(source, row))) : read;
  // A full slice may have left rows before its end unread.
  const lastRow = read.at(-1);
  return { rows, next: read.length === limit && lastRow ? keyOf(source, lastRow) : end };
}

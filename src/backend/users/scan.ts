import type { SQLOutputValue } from "node:sqlite";
import { endOfSlice, keyOf, needsSorting, readSlice } from "./source.ts";
import { createSliceSize } from "./slice-size.ts";
import type { Key, Source } from "./source.ts";
import type { Pace } from "./pace.ts";
import type { Statements } from "./statements.ts";

const ROWS = { min: 64, max: 2_048 };
const MAX_SLICES = 500;
const SORTED_AT_ONCE = 4_096;

/** A place between two rows of a list of sources. */
export interface Position {
  readonly source: number;
  /** The key of the row before; undefined at the beginning of the source. */
  readonly key: Key | undefined;
}

/** The values of `USER_COLUMNS`, and more. */
type Row = readonly SQLOutputValue[];

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
  sources: readonly (() => Source | undefined)[],
  from: Position,
  { limit, pace }: { limit: number; pace: Pace },
): Promise<Scan> {
  const rows: Row[] = [];
  let slices = 0;
  for (let index = from.source; index < sources.length; index += 1) {
    const source = sources[index]?.();
    if (!source) continue;
    const read = createReader(statements, source);
    let key = index === from.source ? from.key : undefined;
    do {
      if (slices === MAX_SLICES) return { rows, next: { source: index, key } };
      slices += 1;
      const wanted = limit + 1 - rows.length;
      const slice = await read(key, wanted, pace);
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

type Reader = (after: Key | undefined, limit: number, pace: Pace) => Slice | Promise<Slice>;

function createReader(statements: Statements, source: Source): Reader {
  if (needsSorting(source)) {
    return (after, limit, pace) => sortedSlice(statements, source, { after, limit, pace });
  }
  const sliceSize = createSliceSize(ROWS);
  return (after, limit) =>
    sliceSize.measure((size) => nextSlice(statements, source, { after, limit, size }));
}

function nextSlice(
  statements: Statements,
  source: Source,
  { after, limit, size }: { after: Key | undefined; limit: number; size: number },
): Slice {
  const end = endOfSlice(statements, source, after, size);
  return sliceOf(readSlice(statements, source, { after, end, limit }), source, { end, limit });
}

// The best of the best so far and of some more: SQLite compares texts, since JavaScript orders them otherwise.
async function sortedSlice(
  statements: Statements,
  source: Source,
  { after, limit, pace }: { after: Key | undefined; limit: number; pace: Pace },
): Promise<Slice> {
  const { numbers: all = [] } = source;
  const range = { after, end: undefined, limit };
  let rows: readonly Row[] = [];
  for (let from = 0; from < all.length; from += SORTED_AT_ONCE) {
    const best = rows.map((row) => Number(row.at(-1)));
    const numbers = [...best, ...all.slice(from, from + SORTED_AT_ONCE)];
    rows = readSlice(statements, { ...source, numbers }, range);
    await pace.rest();
  }
  return sliceOf(rows, source, range);
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

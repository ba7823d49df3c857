import { endOfSlice, needsSorting, readSlice } from "./source.ts";
import { createSliceSize } from "./slice-size.ts";
import type { Key, Source, SourceRow } from "./source.ts";
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

/** Some rows, and where to go on; `next` is undefined when there are no more. */
export interface Scan {
  readonly rows: readonly SourceRow[];
  readonly next: Position | undefined;
}

interface Found {
  readonly row: SourceRow;
  readonly position: Position;
}

interface Slice {
  readonly found: readonly Found[];
  readonly next: Position;
}

/**
 * Reads up to `limit` rows of the sources, one source after the other. May
 * return fewer although there are more when very many rows have to be left
 * out: `next` says where to go on (AIP-158).
 */
export async function scan(
  statements: Statements,
  sources: readonly (() => Source)[],
  from: Position,
  options: { limit: number; pace: Pace },
): Promise<Scan> {
  const found: Found[] = [];
  const sliceSize = createSliceSize(ROWS);
  let position = from;
  let source = sources[from.source]?.();
  for (let slices = 0; source !== undefined; slices += 1) {
    if (slices === MAX_SLICES) return { rows: rowsOf(found), next: position };
    const [current, before] = [source, position];
    const limit = options.limit + 1 - found.length;
    const slice = needsSorting(current)
      ? await sortedSlice(statements, current, before, { limit, pace: options.pace })
      : sliceSize.measure((size) => nextSlice(statements, current, before, { size, limit }));
    found.push(...slice.found);
    const last = found[options.limit - 1];
    if (found.length > options.limit && last !== undefined) {
      return { rows: rowsOf(found.slice(0, options.limit)), next: last.position };
    }
    position = slice.next;
    if (position.source !== before.source) source = sources[position.source]?.();
    await options.pace.rest();
  }
  return { rows: rowsOf(found), next: undefined };
}

function nextSlice(
  statements: Statements,
  source: Source,
  position: Position,
  { size, limit }: { size: number; limit: number },
): Slice {
  const end = endOfSlice(statements, source, position.key, size);
  const rows = readSlice(statements, source, { after: position.key, end, limit });
  return sliceOf(rows, source, position, { end, limit });
}

// The best of the best so far and of some more: SQLite compares texts, since JavaScript orders them otherwise.
async function sortedSlice(
  statements: Statements,
  source: Source,
  position: Position,
  { limit, pace }: { limit: number; pace: Pace },
): Promise<Slice> {
  const { numbers: all = [] } = source;
  const range = { after: position.key, end: undefined, limit };
  let rows: readonly SourceRow[] = [];
  for (let from = 0; from < all.length; from += SORTED_AT_ONCE) {
    const best = rows.map(({ seq }) => seq);
    const numbers = [...best, ...all.slice(from, from + SORTED_AT_ONCE)];
    rows = readSlice(statements, { ...source, numbers }, range);
    await pace.rest();
  }
  return sliceOf(rows, source, position, range);
}

function sliceOf(
  rows: readonly SourceRow[],
  source: Source,
  position: Position,
  { end, limit }: { end: Key | undefined; limit: number },
): Slice {
  const found = rows
    .filter((row) => source.accept?.(row) ?? true)
    .map((row) => ({ row, position: { source: position.source, key: row.key } }));
  // A full slice may have left rows before its end unread.
  const lastRow = rows.at(-1);
  if (rows.length === limit && lastRow) {
    return { found, next: { source: position.source, key: lastRow.key } };
  }
  if (end) return { found, next: { source: position.source, key: end } };
  return { found, next: { source: position.source + 1, key: undefined } };
}

function rowsOf(found: readonly Found[]): SourceRow[] {
  return found.map(({ row }) => row);
}

import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { isBetween, orderOf, stretches } from "../../../../src/backend/users/key-range.ts";
import type { KeyRange } from "../../../../src/backend/users/key-range.ts";

const values = [1, 2, 3];
const rows = values.flatMap((a) => values.flatMap((b) => values.map((c) => [a, b, c] as const)));
const database = new DatabaseSync(":memory:");
database.exec("CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER, PRIMARY KEY (a, b, c))");
for (const row of rows) database.prepare("INSERT INTO t VALUES (?, ?, ?)").run(...row);

function select(range: KeyRange, { sql, values: bound }: ReturnType<typeof isBetween>): unknown[] {
  const text = `SELECT a, b, c FROM t WHERE ${sql} ORDER BY ${orderOf(range)}`;
  return database.prepare(text).all(...bound);
}

describe("the stretches of an index between two keys", () => {
  const edges = [{}, { lower: 2 }, { upper: 3 }, { lower: 2, upper: 3 }];
  const ranges = edges.flatMap((edge) =>
    [false, true].map((descending): KeyRange => ({ key: ["a", "b", "c"], descending, ...edge })),
  );

  it.each(ranges)("have the same rows as one condition, each once, in the order: %o", (range) => {
    const keys = range.descending ? rows.toReversed() : rows;
    const pairs = [undefined, ...keys].flatMap((after, at) =>
      [undefined, ...keys.slice(Math.max(at - 1, 0))].map((end) => [after, end] as const),
    );
    for (const [after, end] of pairs) {
      const listed = stretches(range, after, end).flatMap((part) => select(range, part));
      expect(listed).toEqual(select(range, isBetween(range, after, end)));
    }
  });
});

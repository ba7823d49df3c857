import { allOf, beginning } from "./condition.ts";
import { NOTHING_KNOWN } from "./known-numbers.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import { createNumberSet, setOfList } from "./number-set.ts";
import type { NumberSet } from "./number-set.ts";
import type { Pace } from "./pace.ts";
import type { SearchField } from "./search-query.ts";
import { createSliceSize } from "./slice-size.ts";
import { endOfSlice, numbersUpTo } from "./source.ts";
import type { Key } from "./key-range.ts";
import type { Source } from "./source.ts";
import { maxSeq } from "./statements.ts";
import type { Statements } from "./statements.ts";

// More are mostly so dense that walking an order soon finds a page.
const FEW = 24_000;
const READ_AT_ONCE = { min: 4_096, max: 32_768 };
// Each costs as much as the others, and leaves out less.
const WORDS_AT_MOST = 2;
const RANGES: Readonly<Record<SearchField, Pick<Source, "from" | "key">>> = {
  name: { from: "user_words u", key: ["u.word", "u.name_key", "u.seq"] },
  id: { from: "users u INDEXED BY users_by_id_key", key: ["u.id_key", "u.id"] },
  email: { from: "users u INDEXED BY users_by_email", key: ["u.email_key", "u.id"] },
};

/** Words that count at beginnings only, and the one column that is searched; undefined means all. */
export interface Beginnings {
  readonly beginnings: readonly string[];
  readonly field: SearchField | undefined;
}

/** Whether `allBeginning` finds the users with all these words, and nobody else. */
export function canTellAll({ beginnings }: Beginnings): boolean {
  return beginnings.length <= WORDS_AT_MOST;
}

/** The users of whom something begins with one of the first words, when they are few. */
export function fewBeginning(
  statements: Statements,
  { beginnings, field }: Beginnings,
): KnownNumbers {
  const ranges = rangesOf(field);
  const sql = ranges
    .map(
      ({ from, key: [column = ""] }) =>
        `SELECT u.seq FROM ${from} WHERE ${column} >= ? AND ${column} < ?`,
    )
    .join(" UNION ALL ");
  for (const word of beginnings.slice(0, WORDS_AT_MOST)) {
    const { lower, upper } = beginning(word);
    const range = ranges.flatMap(() => [lower, upper]);
    // To count to so many costs a third of reading them.
    if (statements.rows(`${sql} LIMIT 1 OFFSET ?`, [...range, FEW]).length > 0) continue;
    const found = createNumberSet(maxSeq(statements));
    found.add(statements.numbers(sql, range));
    return { numbers: found.list(), isAll: true };
  }
  return NOTHING_KNOWN;
}

/** The users of whom something begins with each of the first words, one word or two. */
export async function allBeginning(
  statements: Statements,
  { beginnings, field }: Beginnings,
  pace: Pace,
): Promise<NumberSet> {
  const sets: NumberSet[] = [];
  for (const word of beginnings.slice(0, WORDS_AT_MOST)) {
    sets.push(await allBeginningWith(statements, word, rangesOf(field), pace));
  }
  const [fewest, ...others] = sets.toSorted((a, b) => a.size - b.size);
  if (!fewest || others.length === 0) return fewest ?? setOfList([]);
  return setOfList(fewest.list().filter((number) => others.every((set) => set.has(number))));
}

function rangesOf(field: SearchField | undefined) {
  return field ? [RANGES[field]] : Object.values(RANGES);
}

async function allBeginningWith(
  statements: Statements,
  word: string,
  ranges: ReturnType<typeof rangesOf>,
  pace: Pace,
): Promise<NumberSet> {
  const found = createNumberSet(maxSeq(statements));
  const sliceSize = createSliceSize(READ_AT_ONCE);
  for (const range of ranges) {
    const source = { ...range, ...beginning(word), descending: false, where: allOf([]) };
    let after: Key | undefined;
    do {
      const from = after;
      after = sliceSize.measure((size) => {
        const end = endOfSlice(statements, source, from, size);
        for (const numbers of numbersUpTo(statements, source, from, end)) found.add(numbers);
        return end;
      });
      await pace.rest();
    } while (after);
  }
  return found;
}

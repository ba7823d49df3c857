import { allOf, anyOf, beginning, contains, isWithin } from "./condition.ts";
import type { Condition } from "./condition.ts";
import { fold } from "./fold.ts";

/** The one column that is searched. */
export type SearchField = "id" | "email" | "name";

/**
 * What a person typed, understood. A user matches when every word does: a word
 * of three characters and more anywhere in id, name or e-mail address, a
 * shorter one at the beginning of the id, the address or a word of the name.
 */
export interface SearchQuery {
  /** The folded query. */
  readonly text: string;
  readonly words: readonly string[];
  /** The words of two and more characters for FTS5; undefined when there is none. */
  readonly match: string | undefined;
  /** These words, the shortest first, each with the FTS5 query that finds it. */
  readonly indexed: readonly { readonly word: string; readonly match: string }[];
  /** The other words; `fewBeginning` and `allBeginning` find the first of them. */
  readonly beginnings: readonly string[];
  /** `match` alone decides. */
  readonly isMatchExact: boolean;
  /** One of `beginnings` alone decides. */
  readonly isBeginning: boolean;
  /** The same as a condition on `users u`, without the index. */
  readonly condition: Condition;
  /** The one column that is searched; undefined when all are. */
  readonly field: SearchField | undefined;
  /** The words are in the one column that is searched; always true when all are. */
  readonly isInField: Condition;
}

/** Understands a query, which may be for one column only; undefined when it is blank. */
export function parseSearchQuery(query: string, field?: SearchField): SearchQuery | undefined {
  const text = fold(query);
  if (text === "") return undefined;
  const words = [...new Set(text.split(" "))];
  const beginnings = words.filter((word) => lengthOf(word) < 2);
  const indexed = words
    .filter((word) => !beginnings.includes(word))
    .toSorted((a, b) => a.length - b.length)
    .map((word) => ({ word, match: matchOfWord(word) }));
  return {
    text,
    words,
    match: indexed.length === 0 ? undefined : indexed.map(({ match }) => match).join(" AND "),
    indexed,
    beginnings,
    isMatchExact: beginnings.length === 0,
    // Typed twice, a word is not what an address begins with.
    isBeginning: indexed.length === 0 && words[0] === text,
    condition: allOf(words.map(conditionOfWord)),
    field,
    isInField: allOf(field === undefined ? [] : words.map((word) => isWordIn(field, word))),
  };
}

function conditionOfWord(word: string): Condition {
  if (lengthOf(word) >= 3) return contains("u.search_key", word);
  return anyOf([contains("u.search_key", ` ${word}`), contains("u.search_key", `\n${word}`)]);
}

function isWordIn(field: SearchField, word: string): Condition {
  if (field === "name") {
    // Only the search key has the words between hyphens; a short word is not in the middle of one.
    const isBeginning = contains("u.search_key", ` ${word}`);
    return lengthOf(word) < 3 ? isBeginning : anyOf([isBeginning, contains("u.name_key", word)]);
  }
  const column = `u.${field}_key`;
  return lengthOf(word) < 3 ? isWithin(column, beginning(word)) : contains(column, word);
}

function matchOfWord(word: string): string {
  if (lengthOf(word) >= 3) return quoted(word);
  return `(${quoted(` ${word}`)} OR ${quoted(`\n${word}`)})`;
}

// Inside a quoted FTS5 string nothing is special but the quote (https://sqlite.org/fts5.html#fts5_strings).
function quoted(phrase: string): string {
  return `"${phrase.replaceAll('"', '""')}"`;
}

// The trigrams of FTS5 are made of code points.
function lengthOf(word: string): number {
  return Array.from(word).length;
}

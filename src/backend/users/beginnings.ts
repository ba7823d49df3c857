import { beginning, exactly, isWithin } from "./condition.ts";
import type { TextRange } from "./condition.ts";
import type { SearchQuery } from "./search-query.ts";
import type { Statements } from "./statements.ts";

/** The word of a query that the fewest users have, as its length tells. */
export function driverOf({ words }: SearchQuery): string {
  return words.toSorted((a, b) => b.length - a.length)[0] ?? "";
}

/** Where somebody begins with a query, or is it; undefined where nobody does. */
export interface Beginnings {
  readonly exactId: true | undefined;
  readonly exactEmail: true | undefined;
  readonly name: true | undefined;
  /** A word of a name begins with the driver of the query. */
  readonly word: true | undefined;
  readonly email: true | undefined;
  readonly id: true | undefined;
}

/** Asks the indexes; one question costs less than reading sources that are empty. */
export function beginningsOf(statements: Statements, query: SearchQuery): Beginnings {
  const text = beginning(query.text);
  const asked: readonly [table: string, column: string, range: TextRange][] = [
    ["users", "id_key", exactly(query.text)],
    ["users", "email_key", exactly(query.text)],
    ["users", "name_key", text],
    ["user_words", "word", beginning(driverOf(query))],
    ["users", "email_key", text],
    ["users", "id_key", text],
  ];
  const parts = asked.map(
    ([table, column, range]) =>
      `EXISTS (SELECT 1 FROM ${table} WHERE ${isWithin(column, range).sql})`,
  );
  const values = asked.flatMap(([, , { lower, upper }]) => [lower, upper]);
  const [row = []] = statements.rows(`SELECT ${parts.join(", ")}`, values);
  const [exactId, exactEmail, name, word, email, id] = row.map((found) => found === 1 || undefined);
  return { exactId, exactEmail, name, word, email, id };
}

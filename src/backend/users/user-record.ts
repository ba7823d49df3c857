import type { SQLOutputValue } from "node:sqlite";

/** A user as the store keeps it. Times are milliseconds since 1970. */
export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** The number of `user.v1.UserStatus`. */
  readonly status: number;
  readonly roles: readonly string[];
  /** A BCP 47 tag. */
  readonly locale: string;
  readonly createTimeMs: number;
  readonly updateTimeMs: number;
  /** 0 means never. */
  readonly lastSignInTimeMs: number;
  readonly version: number;
}

/** How a user can be reached. */
export interface ContactRecord {
  readonly userId: string;
  /** E.164, or empty. */
  readonly phoneNumber: string;
  readonly addressLines: readonly string[];
}

/** One row as node:sqlite returns it. */
export type Row = Record<string, SQLOutputValue>;

/** The columns that `userFromRow` reads, of the table with the alias `u`. */
export const USER_COLUMNS =
  "u.id, u.name, u.email, u.status, u.roles, u.locale, u.create_time, u.update_time, u.last_sign_in_time, u.version";

/** Reads a row that has the columns `USER_COLUMNS`. */
export function userFromRow(row: Row): UserRecord {
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    email: text(row, "email"),
    status: integer(row, "status"),
    roles: strings(row, "roles"),
    locale: text(row, "locale"),
    createTimeMs: integer(row, "create_time"),
    updateTimeMs: integer(row, "update_time"),
    lastSignInTimeMs: integer(row, "last_sign_in_time"),
    version: integer(row, "version"),
  };
}

/** Reads a row that has `id`, `phone_number` and `address_lines`. */
export function contactFromRow(row: Row): ContactRecord {
  return {
    userId: text(row, "id"),
    phoneNumber: text(row, "phone_number"),
    addressLines: strings(row, "address_lines"),
  };
}

/** The text in a column; throws when the column holds something else. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new TypeError(`The column ${column} of the users' database holds no text.`);
}

/** The integer in a column; throws when the column holds something else. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw new TypeError(`The column ${column} of the users' database holds no integer.`);
}

function strings(row: Row, column: string): string[] {
  const list: unknown = JSON.parse(text(row, column));
  if (!Array.isArray(list)) throw new TypeError(`The column ${column} holds no JSON list.`);
  return list.filter((item): item is string => typeof item === "string");
}

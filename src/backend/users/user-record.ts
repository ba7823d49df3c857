import type { SQLOutputValue } from "node:sqlite";

const MAX_ROLE_LISTS = 1_000;

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
  /** E.164, or empty. */
  readonly phoneNumber: string;
  readonly addressLines: readonly string[];
}

/** One row as node:sqlite returns it. */
export type Row = Record<string, SQLOutputValue>;

/** The columns that `userFromValues` reads, of the table with the alias `u`. */
export const USER_COLUMNS =
  "u.id, u.name, u.email, u.status, u.roles, u.locale, u.create_time, u.update_time, u.last_sign_in_time, u.version";

/** Reads the values of `USER_COLUMNS`, and ignores what comes after them. */
export function userFromValues(values: readonly SQLOutputValue[]): UserRecord {
  const [id, name, email, status, roles, locale, created, updated, lastSignIn, version] = values;
  return {
    id: asText(id),
    name: asText(name),
    email: asText(email),
    status: asInteger(status),
    roles: asRoles(roles),
    locale: asText(locale),
    createTimeMs: asInteger(created),
    updateTimeMs: asInteger(updated),
    lastSignInTimeMs: asInteger(lastSignIn),
    version: asInteger(version),
  };
}

/** Reads a row that has `phone_number` and `address_lines`. */
export function contactFromRow(row: Row): ContactRecord {
  return {
    phoneNumber: text(row, "phone_number"),
    addressLines: asStrings(row["address_lines"]),
  };
}

/** The text in a column; throws when the column holds something else. */
export function text(row: Row, column: string): string {
  return asText(row[column]);
}

/** The integer in a column; throws when the column holds something else. */
export function integer(row: Row, column: string): number {
  return asInteger(row[column]);
}

/** A value of a row as a text; throws when it is none. */
function asText(value: SQLOutputValue | undefined): string {
  if (typeof value === "string") return value;
  throw new TypeError("A column of the users' database holds no text.");
}

/** A value of a row as an integer; throws when it is none. */
function asInteger(value: SQLOutputValue | undefined): number {
  if (typeof value === "number") return value;
  throw new TypeError("A column of the users' database holds no integer.");
}

// The same few lists are read again and again.
const rolesOfJson = new Map<string, readonly string[]>();

function asRoles(value: SQLOutputValue | undefined): readonly string[] {
  const json = asText(value);
  const known = rolesOfJson.get(json);
  if (known) return known;
  if (rolesOfJson.size >= MAX_ROLE_LISTS) rolesOfJson.clear();
  const roles = asStrings(json);
  rolesOfJson.set(json, roles);
  return roles;
}

function asStrings(value: SQLOutputValue | undefined): string[] {
  const list: unknown = JSON.parse(asText(value));
  if (!Array.isArray(list)) throw new TypeError("A column of the users' database holds no list.");
  return list.filter((item): item is string => typeof item === "string");
}

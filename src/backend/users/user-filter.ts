import { allOf, anyOf, contains } from "./condition.ts";
import type { Condition } from "./condition.ts";
import type { Bounds, OrderField } from "./user-order.ts";

/** Narrows a list of users down; what is set must all hold. Times are milliseconds since 1970. */
export interface UserFilter {
  /** Any of these; empty means any. */
  readonly statuses: readonly number[];
  /** At least one of these; empty means any. */
  readonly roles: readonly string[];
  /** Created at this time or later. */
  readonly createdFromMs?: number | undefined;
  /** Created before this time. */
  readonly createdBeforeMs?: number | undefined;
  /** Last signed in before this time, or never. */
  readonly notSignedInSinceMs?: number | undefined;
  readonly hasNeverSignedIn?: boolean;
}

/** The filter as a condition on `users u`. */
export function conditionOfFilter(filter: UserFilter): Condition {
  const conditions: Condition[] = [];
  if (filter.statuses.length > 0) {
    const marks = filter.statuses.map(() => "?").join(", ");
    conditions.push({ sql: `u.status IN (${marks})`, values: filter.statuses });
  }
  // Quotes inside a role are escaped in the JSON list, so that only a whole role can be found.
  const hasRole = (role: string) => contains("u.roles", JSON.stringify(role));
  if (filter.roles.length > 0) conditions.push(anyOf(filter.roles.map(hasRole)));
  conditions.push(...within("u.create_time", createdBounds(filter)));
  conditions.push(...within("u.last_sign_in_time", signedInBounds(filter)));
  return allOf(conditions);
}

/** What the filter says about the first column of an order, so that an index can skip the rest. */
export function boundsOfFilter(filter: UserFilter, field: OrderField): Bounds {
  if (field === "create_time") return createdBounds(filter);
  if (field === "last_sign_in_time") return signedInBounds(filter);
  return {};
}

/** When the users of a filter were created. */
export function createdBounds({ createdFromMs, createdBeforeMs }: UserFilter): Bounds {
  return { lower: createdFromMs, upper: createdBeforeMs };
}

/** When they last signed in. */
export function signedInBounds({ notSignedInSinceMs, hasNeverSignedIn }: UserFilter): Bounds {
  if (hasNeverSignedIn) return { upper: 1 };
  if (notSignedInSinceMs === undefined) return {};
  return { upper: Math.max(notSignedInSinceMs, 1) };
}

function within(column: string, { lower, upper }: Bounds): Condition[] {
  return [
    ...(lower === undefined ? [] : [{ sql: `${column} >= ?`, values: [lower] }]),
    ...(upper === undefined ? [] : [{ sql: `${column} < ?`, values: [upper] }]),
  ];
}

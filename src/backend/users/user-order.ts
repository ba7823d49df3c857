/** The fields that a list can be ordered by. */
export type OrderField = "name" | "email" | "create_time" | "last_sign_in_time";

/** An order of users; ties are broken by id in the same direction. */
export interface UserOrder {
  readonly field: OrderField;
  readonly descending: boolean;
}

/** Bounds of a time, or of the first column of an order: at least `lower`, less than `upper`. */
export interface Bounds {
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
}

/** Whether there is one. */
export function isBounded({ lower, upper }: Bounds): boolean {
  return lower !== undefined || upper !== undefined;
}

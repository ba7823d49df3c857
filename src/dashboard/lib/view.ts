/** The states a filter can ask for, as they stand in the address. */
export const STATUS_NAMES = ["active", "suspended", "locked", "deleted"] as const;
/** One of {@link STATUS_NAMES}. */
export type StatusName = (typeof STATUS_NAMES)[number];

/** How a search text can be understood; `auto` looks at the text. */
export const SEARCH_KINDS = ["auto", "id", "email", "name"] as const;
/** One of {@link SEARCH_KINDS}. */
export type SearchKind = (typeof SEARCH_KINDS)[number];

/** The columns of the result table, in their order. */
export const COLUMN_NAMES = [
  "name",
  "id",
  "email",
  "status",
  "roles",
  "locale",
  "created",
  "signed-in",
] as const;
/** One of {@link COLUMN_NAMES}. */
export type ColumnName = (typeof COLUMN_NAMES)[number];

/** The columns that are shown when the address names none. */
export const DEFAULT_COLUMNS: readonly ColumnName[] = [
  "name",
  "id",
  "email",
  "status",
  "roles",
  "signed-in",
];

/** The columns that are named, in their order; the usual ones when none is known. */
export function readColumns(names: readonly unknown[]): readonly ColumnName[] {
  const known = COLUMN_NAMES.filter((column) => names.includes(column));
  return known.length === 0 ? DEFAULT_COLUMNS : known;
}

/** The fields a server can sort by, named as in the address. */
export const SORT_FIELDS = ["name", "email", "created", "signed-in"] as const;
/** One of {@link SORT_FIELDS}. */
export type SortField = (typeof SORT_FIELDS)[number];

/** An order of the result; `undefined` leaves it to the server. */
export interface Sort {
  readonly field: SortField;
  readonly descending: boolean;
}

/** "Never signed in", or "not for so many days". */
export type SignInFilter = "never" | { readonly dormantDays: number };

/** Everything about what is on the screen that an address can carry. */
export interface View {
  /** Whether a list was asked for at all. An empty query lists everybody. */
  readonly searched: boolean;
  readonly query: string;
  readonly kind: SearchKind;
  readonly statuses: readonly StatusName[];
  readonly roles: readonly string[];
  /** The first day of creation, as YYYY-MM-DD. */
  readonly createdFrom: string | undefined;
  /** The last day of creation, as YYYY-MM-DD. */
  readonly createdTo: string | undefined;
  readonly signIn: SignInFilter | undefined;
  readonly sort: Sort | undefined;
  readonly columns: readonly ColumnName[];
  /** The id of the open user. */
  readonly user: string | undefined;
}

/** The view of an address that says nothing. */
export const EMPTY_VIEW: View = {
  searched: false,
  query: "",
  kind: "auto",
  statuses: [],
  roles: [],
  createdFrom: undefined,
  createdTo: undefined,
  signIn: undefined,
  sort: undefined,
  columns: DEFAULT_COLUMNS,
  user: undefined,
};

/** How many filters narrow the list of a view down. */
export function filterCount(view: View): number {
  const set = [view.createdFrom ?? view.createdTo, view.signIn].filter(
    (part) => part !== undefined,
  );
  return set.length + (view.statuses.length > 0 ? 1 : 0) + (view.roles.length > 0 ? 1 : 0);
}

/** The view without any filter; query, sort and columns stay. */
export function withoutFilters(view: View): View {
  return {
    ...view,
    statuses: [],
    roles: [],
    createdFrom: undefined,
    createdTo: undefined,
    signIn: undefined,
  };
}

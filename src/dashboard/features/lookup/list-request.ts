import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  ListUsersRequestSchema,
  UserFilterSchema,
} from "../../../gen/user/v1/user_service_pb.ts";
import { SearchField, UserStatus } from "../../../gen/user/v1/user_service_pb.ts";
import { searchTerm } from "../../lib/search-intent.ts";
import type {
  SearchKind,
  SignInFilter,
  Sort,
  SortField,
  StatusName,
  View,
} from "../../lib/view.ts";

/** How many users one page of results has. */
export const PAGE_SIZE = 50;

const DAY_MS = 86_400_000;

/** The number that the contract has for the name of a status. */
export const STATUS_VALUES: Readonly<Record<StatusName, UserStatus>> = {
  active: UserStatus.ACTIVE,
  suspended: UserStatus.SUSPENDED,
  locked: UserStatus.LOCKED,
  deleted: UserStatus.DELETED,
};

const ORDER_FIELDS: Readonly<Record<SortField, string>> = {
  name: "name",
  email: "email",
  created: "create_time",
  "signed-in": "last_sign_in_time",
};

// What is only a guess hides nobody: the text is searched everywhere then.
const SEARCH_FIELDS: Readonly<Record<SearchKind, SearchField>> = {
  auto: SearchField.UNSPECIFIED,
  id: SearchField.ID,
  email: SearchField.EMAIL,
  name: SearchField.NAME,
};

/**
 * The call that fetches the list of a view. `now` is rounded down to the day
 * (UTC), so that the same view makes the same request all day long.
 */
export function listRequest(
  view: View,
  now: Date,
): MessageInitShape<typeof ListUsersRequestSchema> & { pageToken: string } {
  return {
    query: searchTerm(view.query),
    searchField: SEARCH_FIELDS[view.kind],
    filter: filterOf(view, now),
    orderBy: view.sort === undefined ? "" : orderBy(view.sort),
    pageSize: PAGE_SIZE,
    pageToken: "",
  };
}

function filterOf(view: View, now: Date): MessageInitShape<typeof UserFilterSchema> {
  return {
    statuses: view.statuses.map((name) => STATUS_VALUES[name]),
    roles: [...view.roles],
    ...(view.createdFrom === undefined ? {} : { createdAfter: dayStart(view.createdFrom, 0) }),
    // The last day belongs to the range, and the contract's end does not.
    ...(view.createdTo === undefined ? {} : { createdBefore: dayStart(view.createdTo, 1) }),
    lastSignIn: signInFilter(view.signIn, now),
  };
}

function signInFilter(
  filter: SignInFilter | undefined,
  now: Date,
): NonNullable<MessageInitShape<typeof UserFilterSchema>["lastSignIn"]> {
  if (filter === undefined) return { case: undefined };
  if (filter === "never") return { case: "neverSignedIn", value: true };
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const since = new Date(today - filter.dormantDays * DAY_MS);
  return { case: "notSignedInSince", value: timestampFromDate(since) };
}

function dayStart(day: string, offsetDays: number) {
  return timestampFromDate(new Date(Date.parse(`${day}T00:00:00Z`) + offsetDays * DAY_MS));
}

function orderBy(sort: Sort): string {
  return sort.descending ? `${ORDER_FIELDS[sort.field]} desc` : ORDER_FIELDS[sort.field];
}

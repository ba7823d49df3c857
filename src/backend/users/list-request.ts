import { Code } from "@connectrpc/connect";
import type { ConnectError } from "@connectrpc/connect";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { SearchField, UserStatus } from "../../gen/user/v1/user_service_pb.ts";
import type {
  ListUsersRequest,
  UserFilter as FilterMessage,
} from "../../gen/user/v1/user_service_pb.ts";
import { invalidField, userError } from "./errors.ts";
import type { ListUsers } from "./list-users.ts";
import type { OrderField, UserOrder } from "./user-order.ts";
import type { UserFilter } from "./user-filter.ts";

const MAX_ID_LENGTH = 128;
const MAX_QUERY_LENGTH = 200;
const MAX_ROLES = 50;
const MAX_ROLE_LENGTH = 128;
const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 200;
const ORDER_FIELDS: readonly OrderField[] = ["name", "email", "create_time", "last_sign_in_time"];
const SEARCH_FIELDS: ReadonlyMap<SearchField, ListUsers["searchField"]> = new Map([
  [SearchField.UNSPECIFIED, undefined],
  [SearchField.ID, "id"],
  [SearchField.EMAIL, "email"],
  [SearchField.NAME, "name"],
]);
const STATUSES: readonly UserStatus[] = Object.values(UserStatus);

/** The id of a request; throws INVALID_ARGUMENT unless it has 1 to 128 characters. */
export function readUserId(userId: string): string {
  if (userId === "") throw invalidField("user_id", "user_id is empty. Send the id of a user.");
  if (userId.length > MAX_ID_LENGTH) {
    const message = `user_id has ${userId.length} characters. Send at most ${MAX_ID_LENGTH}.`;
    throw invalidField("user_id", message);
  }
  return userId;
}

/** A list request, understood; throws INVALID_ARGUMENT that names the field. */
export function readListRequest(request: ListUsersRequest): ListUsers {
  return {
    query: readQuery(request.query),
    searchField: readSearchField(request.searchField),
    filter: readFilter(request.filter),
    order: readOrder(request.orderBy),
    pageSize: readPageSize(request.pageSize),
    pageToken: request.pageToken,
  };
}

/** INVALID_ARGUMENT for a page token that is not of this list. */
export function foreignPageToken(): ConnectError {
  return userError(
    Code.InvalidArgument,
    "PAGE_TOKEN_INVALID",
    "page_token does not belong to this list. Send next_page_token of the page before with the same query, filter and order_by, or leave it empty to begin again.",
    { field: "page_token" },
  );
}

function readQuery(query: string): string {
  if (query.length <= MAX_QUERY_LENGTH) return query;
  const message = `query has ${query.length} characters. Send at most ${MAX_QUERY_LENGTH}.`;
  throw invalidField("query", message);
}

function readSearchField(field: SearchField): ListUsers["searchField"] {
  if (SEARCH_FIELDS.has(field)) return SEARCH_FIELDS.get(field);
  throw invalidField("search_field", `search_field is ${field}, which is no field to search in.`);
}

function readPageSize(pageSize: number): number {
  if (pageSize < 0) {
    const message = `page_size is ${pageSize}. Send 0 for the default of ${DEFAULT_PAGE_SIZE}, or 1 to ${MAX_PAGE_SIZE}.`;
    throw invalidField("page_size", message);
  }
  return pageSize === 0 ? DEFAULT_PAGE_SIZE : Math.min(pageSize, MAX_PAGE_SIZE);
}

function readOrder(orderBy: string): UserOrder | undefined {
  if (orderBy === "") return undefined;
  const [name, direction, ...rest] = orderBy.split(" ");
  const field = ORDER_FIELDS.find((known) => known === name);
  if (field && rest.length === 0 && (direction === undefined || direction === "desc")) {
    return { field, descending: direction === "desc" };
  }
  const message = `order_by cannot be this. Leave it empty, or send one of ${ORDER_FIELDS.join(", ")}, with " desc" for the other direction.`;
  throw invalidField("order_by", message);
}

function readFilter(filter: FilterMessage | undefined): UserFilter {
  const createdFromMs = readTime("filter.created_after", filter?.createdAfter);
  const createdBeforeMs = readTime("filter.created_before", filter?.createdBefore);
  return {
    statuses: readStatuses(filter?.statuses ?? []),
    roles: readRoles(filter?.roles ?? []),
    createdFromMs,
    createdBeforeMs,
    ...readLastSignIn(filter?.lastSignIn),
  };
}

function readLastSignIn(
  lastSignIn: FilterMessage["lastSignIn"] | undefined,
): Pick<UserFilter, "notSignedInSinceMs" | "hasNeverSignedIn"> {
  if (lastSignIn?.case === "neverSignedIn" && lastSignIn.value) return { hasNeverSignedIn: true };
  if (lastSignIn?.case !== "notSignedInSince") return {};
  return { notSignedInSinceMs: readTime("filter.not_signed_in_since", lastSignIn.value) };
}

// Unspecified in a filter means any status; the order of the list means nothing.
function readStatuses(statuses: readonly UserStatus[]): number[] {
  for (const status of statuses) {
    if (STATUSES.includes(status)) continue;
    throw invalidField("filter.statuses", `filter.statuses has ${status}, which is no status.`);
  }
  if (statuses.includes(UserStatus.UNSPECIFIED)) return [];
  return [...new Set<number>(statuses)].toSorted((a, b) => a - b);
}

function readRoles(roles: readonly string[]): string[] {
  if (roles.length > MAX_ROLES || roles.some((role) => role.length > MAX_ROLE_LENGTH)) {
    const message = `filter.roles is too long. Send at most ${MAX_ROLES} roles of at most ${MAX_ROLE_LENGTH} characters.`;
    throw invalidField("filter.roles", message);
  }
  return [...new Set(roles)].toSorted();
}

function readTime(field: string, time: Timestamp | undefined): number | undefined {
  if (time === undefined) return undefined;
  const ms = timestampMs(time);
  if (Number.isFinite(ms) && Math.abs(ms) <= 8.64e15) return ms;
  throw invalidField(field, `${field} is outside the range of times.`);
}

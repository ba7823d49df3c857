import { withoutToken } from "./pasted-token.ts";
import {
  DEFAULT_COLUMNS,
  EMPTY_VIEW,
  SEARCH_KINDS,
  SORT_FIELDS,
  STATUS_NAMES,
  readColumns,
} from "./view.ts";
import type { SignInFilter, Sort, View } from "./view.ts";

const USER_PATH = /^\/users\/([^/]+)\/?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** The longest text that can be searched for. */
export const MAX_QUERY_LENGTH = 200;
const MAX_ROLES = 50;

/**
 * Reads the view out of an address. What cannot be understood is left out, so
 * that an old or damaged link still opens; of a token only the subject is read.
 */
export function parseView(pathname: string, search: string): View {
  const params = new URLSearchParams(search);
  const user = userOf(pathname);
  const filters = {
    statuses: membersOf(STATUS_NAMES, listOf(params.get("status"))),
    roles: listOf(params.get("role")).slice(0, MAX_ROLES),
    createdFrom: dayOf(params.get("from")),
    createdTo: dayOf(params.get("to")),
    signIn: signInOf(params.get("signin")),
  };
  return {
    ...EMPTY_VIEW,
    ...filters,
    searched: params.has("q") || Object.values(filters).some(isSet),
    query: withoutToken(params.get("q") ?? "").slice(0, MAX_QUERY_LENGTH),
    kind: membersOf(SEARCH_KINDS, [params.get("as") ?? "auto"])[0] ?? "auto",
    sort: sortOf(params.get("sort")),
    columns: readColumns(listOf(params.get("cols"))),
    user,
  };
}

/**
 * The address of a view: the same view always gives the same address, and
 * `parseView` gives the view back.
 */
export function viewHref(view: View): string {
  const params = new URLSearchParams();
  if (view.searched) params.set("q", view.query);
  if (view.kind !== "auto") params.set("as", view.kind);
  if (view.statuses.length > 0) params.set("status", view.statuses.join(","));
  if (view.roles.length > 0) params.set("role", view.roles.map(escapeComma).join(","));
  if (view.createdFrom !== undefined) params.set("from", view.createdFrom);
  if (view.createdTo !== undefined) params.set("to", view.createdTo);
  if (view.signIn !== undefined) params.set("signin", signInText(view.signIn));
  if (view.sort !== undefined) {
    params.set("sort", view.sort.descending ? `-${view.sort.field}` : view.sort.field);
  }
  if (view.columns.join() !== DEFAULT_COLUMNS.join()) params.set("cols", view.columns.join(","));
  const path = view.user === undefined ? "/" : userPath(view.user);
  const search = params.toString();
  return search === "" ? path : `${path}?${search}`;
}

/** The address of one user's own page. */
export function userPath(id: string): string {
  return `/users/${encodeURIComponent(id)}`;
}

function userOf(pathname: string): string | undefined {
  const encoded = USER_PATH.exec(pathname)?.[1];
  if (encoded === undefined) return undefined;
  return withoutToken(decoded(encoded)) || undefined;
}

/** Percent-decoded; a text with a lone % that somebody typed stays as it stands. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function listOf(text: string | null): string[] {
  const parts = (text ?? "").split(",").map((part) => part.trim().replaceAll("%2C", ","));
  return [...new Set(parts.filter((part) => part !== ""))];
}

function escapeComma(text: string): string {
  return text.replaceAll(",", "%2C");
}

/** The members of `all` that `wanted` names, in the order of `all`. */
function membersOf<T extends string>(all: readonly T[], wanted: readonly string[]): T[] {
  return all.filter((member) => wanted.includes(member));
}

function dayOf(text: string | null): string | undefined {
  if (text === null || !DAY.test(text)) return undefined;
  return Number.isNaN(Date.parse(`${text}T00:00:00Z`)) ? undefined : text;
}

function signInOf(text: string | null): SignInFilter | undefined {
  if (text === "never") return "never";
  const days = /^dormant-(\d{1,4})$/.exec(text ?? "")?.[1];
  return days === undefined || Number(days) === 0 ? undefined : { dormantDays: Number(days) };
}

function signInText(filter: SignInFilter): string {
  return filter === "never" ? "never" : `dormant-${String(filter.dormantDays)}`;
}

function sortOf(text: string | null): Sort | undefined {
  const descending = text?.startsWith("-") ?? false;
  const field = membersOf(SORT_FIELDS, [descending ? (text ?? "").slice(1) : (text ?? "")])[0];
  return field === undefined ? undefined : { field, descending };
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../src/backend/database/index.ts";
import { fillUsers } from "../../src/backend/users/fill-users.ts";
import type { NewUser } from "../../src/backend/users/fill-users.ts";
import { createUserStore } from "../../src/backend/users/store.ts";
import type { UserStore } from "../../src/backend/users/store.ts";
import type { ListUsers, UserPage } from "../../src/backend/users/list-users.ts";
import type { UserRecord } from "../../src/backend/users/user-record.ts";

/** A user that differs from a plain one only in what is given. */
export function newUser(user: Partial<NewUser> & { readonly id: string }): NewUser {
  return {
    name: user.id,
    email: `${user.id}@example.com`,
    status: 1,
    roles: [],
    locale: "en",
    createTimeMs: 1_000,
    updateTimeMs: 1_000,
    lastSignInTimeMs: 0,
    phoneNumber: "",
    addressLines: [],
    ...user,
  };
}

/** A store in memory with these users. */
export function storeOf(users: readonly NewUser[]): { store: UserStore; database: DatabaseSync } {
  const database = openDatabase(":memory:");
  fillUsers(database, users);
  return { store: createUserStore(database), database };
}

/** All users, by name, from the first page on; to be changed where a test wants something else. */
export const everybody: ListUsers = {
  query: "",
  filter: { statuses: [], roles: [] },
  order: undefined,
  pageSize: 7,
  pageToken: "",
};

/** One page of a list, the first unless there is a page token, which must not be refused. */
export async function listPage(
  store: UserStore,
  request: Partial<ListUsers> = {},
): Promise<UserPage> {
  const page = await store.list({ ...everybody, ...request });
  if (page === "page-token") throw new Error("the page token was refused");
  return page;
}

/** All pages of a list. Fails when a page token is refused or the pages never end. */
export async function listPages(
  store: UserStore,
  request: Partial<ListUsers> = {},
): Promise<UserPage[]> {
  const pages: UserPage[] = [];
  let pageToken = "";
  while (pages.length < 2_000) {
    const page = await listPage(store, { ...request, pageToken });
    pages.push(page);
    if (page.nextPageToken === "") return pages;
    pageToken = page.nextPageToken;
  }
  throw new Error("the list does not end");
}

/** The users on all pages of a list. Fails as `listPages` does. */
export async function listAll(
  store: UserStore,
  request: Partial<ListUsers> = {},
): Promise<UserRecord[]> {
  return (await listPages(store, request)).flatMap(({ users }) => users);
}

import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../src/backend/database/index.ts";
import { fillUsers } from "../../src/backend/users/fill-users.ts";
import type { NewUser } from "../../src/backend/users/fill-users.ts";
import { createUserStore } from "../../src/backend/users/store.ts";
import type { UserStore } from "../../src/backend/users/store.ts";
import type { ListUsers } from "../../src/backend/users/list-users.ts";
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

/** The users on all pages of a list. Fails when a page token is refused or the pages never end. */
export async function listAll(
  store: UserStore,
  request: Partial<ListUsers> = {},
): Promise<UserRecord[]> {
  const users: UserRecord[] = [];
  let pageToken = "";
  for (let page = 0; page < 2_000; page += 1) {
    const result = await store.list({
      query: "",
      filter: { statuses: [], roles: [] },
      order: undefined,
      pageSize: 7,
      ...request,
      pageToken,
    });
    if (result === "page-token") throw new Error("a token of the list itself was refused");
    users.push(...result.users);
    if (result.nextPageToken === "") return users;
    pageToken = result.nextPageToken;
  }
  throw new Error("the list does not end");
}

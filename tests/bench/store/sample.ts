import type { UserStore } from "../../../src/backend/users/index.ts";
import type { Bare } from "./bare.ts";
import * as questions from "./questions.ts";

/** How many users are asked for, and how many pages. */
export const sampleSize = 400;

/** Users from anywhere in the order of their numbers, always the same. */
export function sampleUsers(bare: Bare) {
  const sql = "SELECT id, email, email_key FROM users ORDER BY substr(email_key, -9), id LIMIT ?";
  return bare.ask(sql, sampleSize).map((row) => ({
    id: String(row["id"]),
    email: String(row["email"]),
    key: String(row["email_key"]),
  }));
}

/** Asks for one page after the other, and around again. */
export function nextPages(store: UserStore): () => Promise<void> {
  let pageToken = "";
  return async () => {
    const page = await store.list(questions.list({ pageToken }));
    pageToken = page === "page-token" ? "" : page.nextPageToken;
  };
}

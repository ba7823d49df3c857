import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue } from "node:sqlite";
import { join } from "node:path";
import type { Stack } from "./stack.ts";

/** Writes to the database of a running backend, as another process would. */
export function writeToDatabase(stack: Stack, sql: string, values: SQLInputValue[] = []): void {
  const database = new DatabaseSync(join(stack.dataDir, "backend.sqlite"));
  database.exec("PRAGMA busy_timeout = 5000");
  database.prepare(sql).run(...values);
  database.close();
}

/** Changes one column of a user, who has a new version then. */
export function changeUser(
  stack: Stack,
  id: string,
  column: "id" | "name" | "email" | "locale",
  value: string,
): void {
  const sql = `UPDATE users SET ${column} = ?, version = version + 1 WHERE id = ?`;
  writeToDatabase(stack, sql, [value, id]);
}

/** Everybody has signed in ten minutes ago or before: what wants a newer sign-in asks for it. */
export function ageSignIns(stack: Stack): void {
  for (const [model, field] of [
    ["RefreshToken", "authTime"],
    ["Session", "loginTs"],
  ] as const) {
    const sql = `UPDATE issuer_records SET payload = json_set(payload, '$.${field}', ?) WHERE model = ? AND json_extract(payload, '$.${field}') > ?`;
    const then = Math.floor(Date.now() / 1000) - 600;
    writeToDatabase(stack, sql, [then, model, then]);
  }
}

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { openDatabase } from "../../../src/backend/database/index.ts";
import { seedUsers } from "../../../src/backend/users/index.ts";

const folder = ".cache/bench";
const madeBy = ["src/backend/database", "src/backend/users"];
const nowMs = Date.UTC(2026, 0, 1);

/**
 * A database with this many invented people, the same ones every time. Made
 * once (a million takes about a minute), and again when what makes it changes.
 */
export function userDatabase(size: number): string {
  const file = join(folder, `users-${size}-${fingerprint()}.sqlite`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) {
    if (old.startsWith(`users-${size}-`)) rmSync(join(folder, old));
  }
  console.log(`making a database with ${size} users ...`);
  const unfinished = `${file}.unfinished`;
  const database = openDatabase(unfinished);
  seedUsers(database, size, nowMs);
  database.close();
  renameSync(unfinished, file);
  return file;
}

function fingerprint(): string {
  const hash = createHash("sha256");
  const isMaker = /^(migrations|schema|fold|seed.*|fill-users)\.ts$/;
  for (const path of madeBy.flatMap((room) => readdirSync(room).map((name) => join(room, name)))) {
    if (isMaker.test(path.split("/").at(-1) ?? "")) hash.update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 12);
}

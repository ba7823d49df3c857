import type { DatabaseSync } from "node:sqlite";
import { fillUsers } from "./fill-users.ts";
import type { NewUser } from "./fill-users.ts";
import { seedUser, seedUuid } from "./seed-user.ts";

const UUID_SHARE = 0.05;

/**
 * Fills a database that has no users yet with invented people: `user1`, `user2`
 * and so on, the last 5 percent with a UUID. `user123` is Ada Lovelace and
 * `user124` Grace Hopper, however small the count. A database that has users
 * is left alone.
 *
 * @param count how many people, 0 for none
 * @param nowMs the time that "last signed in" counts from; the same time gives the same people
 */
export function seedUsers(database: DatabaseSync, count: number, nowMs: number): void {
  if (count === 0 || database.prepare("SELECT 1 FROM users LIMIT 1").get()) return;
  fillUsers(database, people(count, nowMs));
}

function* people(count: number, nowMs: number): Generator<NewUser> {
  const known = knownPeople(nowMs).slice(0, count);
  yield* known;
  const knownIds = new Set(known.map(({ id }) => id));
  const uuidsFrom = Math.ceil(count * (1 - UUID_SHARE));
  let made = known.length;
  for (let number = 1; made < count; number += 1) {
    const id = `user${number}`;
    if (knownIds.has(id)) continue;
    made += 1;
    const isUuid = made > uuidsFrom && count > 100;
    yield seedUser(number, isUuid ? seedUuid(number) : id, nowMs);
  }
}

function knownPeople(nowMs: number): NewUser[] {
  const common = {
    status: 1,
    updateTimeMs: nowMs - 86_400_000,
    lastSignInTimeMs: nowMs - 3_600_000,
  };
  return [
    {
      ...common,
      id: "user123",
      name: "Ada Lovelace",
      email: "ada@analytical.example",
      roles: ["billing", "editor"],
      locale: "en-GB",
      createTimeMs: Date.UTC(2021, 11, 10, 9, 30),
      phoneNumber: "+447700900123",
      addressLines: ["12 St James's Square", "London SW1Y 4LB", "United Kingdom"],
    },
    {
      ...common,
      id: "user124",
      name: "Grace Hopper",
      email: "grace@navy.example",
      roles: ["admin", "viewer"],
      locale: "en-US",
      createTimeMs: Date.UTC(2022, 11, 9, 14),
      phoneNumber: "+12025550124",
      addressLines: ["1 Harvard Yard", "Cambridge MA 02138", "United States"],
    },
  ];
}

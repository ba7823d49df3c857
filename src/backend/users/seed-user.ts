import { CULTURES } from "./seed-cultures.ts";
import type { Culture } from "./seed-cultures.ts";
import { fold } from "./fold.ts";
import type { NewUser } from "./fill-users.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const DOMAINS = [
  "example.com",
  "example.org",
  "example.net",
  "mail.example.com",
  "corp.example.org",
];
const ROLES = ["admin", "auditor", "billing", "developer", "editor", "support"];
const STATUS = { active: 1, suspended: 2, locked: 3, deleted: 4 };

/** A source of numbers from 0 up to 1. */
type Random = () => number;

/**
 * An invented person: the same for the same number and time. Mailbox addresses
 * and telephone numbers are of ranges that are kept for examples.
 *
 * @param number 1 and up; it makes the e-mail address unique
 */
export function seedUser(number: number, id: string, nowMs: number): NewUser {
  const random = randomFrom(number);
  const culture = pick(random, CULTURES);
  const [given, givenLatin] = written(pick(random, culture.given));
  const [family, familyLatin] = written(pick(random, culture.family));
  const createTimeMs = nowMs - Math.floor((0.002 + random() ** 1.4) * 3_600 * DAY_MS);
  const lastSignInTimeMs = lastSignIn(random, createTimeMs, nowMs);
  return {
    id,
    name: nameOf(culture, given, family),
    email: `${mailbox(givenLatin)}.${mailbox(familyLatin)}${number}@${pick(random, DOMAINS)}`,
    status: status(random),
    roles: roles(random),
    locale: culture.locale,
    createTimeMs,
    updateTimeMs: Math.max(createTimeMs, lastSignInTimeMs),
    lastSignInTimeMs,
    phoneNumber: culture.phone.replaceAll("#", () => String(Math.floor(random() * 10))),
    addressLines: address(random, culture),
  };
}

/** A version 4 UUID, the same for the same number. */
export function seedUuid(number: number): string {
  const random = randomFrom(number + 0x5eed);
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replaceAll(/[xy]/g, (letter) =>
    Math.floor(letter === "x" ? random() * 16 : 8 + random() * 4).toString(16),
  );
}

// Mulberry32, after a first step that keeps neighbouring seeds apart.
function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new RangeError("There is nothing to pick from.");
  return item;
}

function written(name: string): [native: string, latin: string] {
  const [native = name, latin = native] = name.split("|");
  return [native, latin];
}

function nameOf(culture: Culture, given: string, family: string): string {
  return culture.isFamilyFirst ? `${family} ${given}` : `${given} ${family}`;
}

function mailbox(latin: string): string {
  return fold(latin).replaceAll(/[^a-z0-9]+/g, "-");
}

function status(random: Random): number {
  const chance = random();
  if (chance < 0.88) return STATUS.active;
  if (chance < 0.93) return STATUS.suspended;
  return chance < 0.96 ? STATUS.locked : STATUS.deleted;
}

function roles(random: Random): string[] {
  const extra = ROLES.filter((role) => random() < (role === "admin" ? 0.01 : 0.08));
  return [...extra, "viewer"];
}

function lastSignIn(random: Random, createTimeMs: number, nowMs: number): number {
  const chance = random();
  if (chance < 0.08) return 0;
  // Most people came back lately; one in six has not for a long time.
  const longestMs = chance < 0.24 ? nowMs - createTimeMs : 60 * DAY_MS;
  return Math.max(createTimeMs, nowMs - Math.floor(random() ** 2 * longestMs));
}

function address(random: Random, culture: Culture): string[] {
  const street = pick(random, culture.streets);
  const houseNumber = 1 + Math.floor(random() * 180);
  const postalCode = String(10_000 + Math.floor(random() * 89_999));
  return [
    `${houseNumber} ${street}`,
    `${postalCode} ${pick(random, culture.cities)}`,
    culture.country,
  ];
}

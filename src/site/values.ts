import { SiteConfigError } from "./config-error.ts";

/** The object `value`; an array, null or anything else is a mistake in `field`. */
export function readRecord(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw wrong(value, field, "an object");
}

/** Throws when `record` has a key that is not in `known`. */
export function checkKeys(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  field: string,
): void {
  const unknown = Object.keys(record).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const name = field === "" ? unknown : `${field}.${unknown}`;
  throw new SiteConfigError(
    name,
    `${name} is not a field of the configuration; remove it or use one of ${known.join(", ")}.`,
  );
}

/** A text of 1 to `maxLength` characters with nothing to trim and no control character. */
export function readText(value: unknown, field: string, maxLength = 2000): string {
  if (typeof value !== "string") throw wrong(value, field, "a text");
  if (value.trim() === "") throw wrong(value, field, "a text that is not empty");
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (value !== value.trim() || /[\u0000-\u001f\u007f]/.test(value)) {
    throw wrong(value, field, "a text without spaces at its ends and without control characters");
  }
  if (value.length <= maxLength) return value;
  throw new SiteConfigError(
    field,
    `${field} is ${value.length} characters long; write at most ${maxLength}.`,
  );
}

/** `true` or `false`. */
export function readBoolean(value: unknown, field: string): boolean {
  if (typeof value === "boolean") return value;
  throw wrong(value, field, "true or false");
}

/** One of `choices`. */
export function readChoice<T extends string>(
  value: unknown,
  field: string,
  choices: readonly T[],
): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw wrong(value, field, choices.map((candidate) => `"${candidate}"`).join(" or "));
}

/** A list; `readEntry` gets each entry with its field, for example `links[0]`. */
export function readList<T>(
  value: unknown,
  field: string,
  readEntry: (entry: unknown, field: string) => T,
): T[] {
  if (!Array.isArray(value)) throw wrong(value, field, "a list");
  return value.map((entry: unknown, index) => readEntry(entry, `${field}[${index}]`));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(value: unknown, field: string, wanted: string): SiteConfigError {
  const subject = field === "" ? "The configuration" : field;
  if (value === undefined)
    return new SiteConfigError(field, `${subject} is missing; write ${wanted}.`);
  return new SiteConfigError(field, `${subject} is ${shown(value)}; write ${wanted}.`);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

import { hasToken, linesWithWholeTokens, subjectsIn, withoutToken } from "./pasted-token.ts";
import { decoded } from "./view-url.ts";
import type { SearchKind } from "./view.ts";

/** What a pasted or typed text is taken for. */
export type SearchIntent =
  | { readonly kind: "empty" }
  | { readonly kind: "id" | "email" | "name"; readonly query: string }
  /** A JSON Web Token: only its `sub` is used; undefined when none can be read. */
  | { readonly kind: "token"; readonly query: string | undefined }
  /** Several keys, looked up all at once. */
  | { readonly kind: "many"; readonly keys: readonly string[] };

/** The largest number of keys that one call may hold. */
export const MAX_BATCH_KEYS = 1000;

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
// Letters and digits in one word, as identifiers are: user123, usr_8fA3, 4711.
const IDENTIFIER = /^(?=.*\d)[\w.:|-]+$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
// "Ada Lovelace <ada@analytical.example>", as mail programs write it (RFC 5322 section 3.4).
const MAILBOX = /<([^\s<>@]+@[^\s<>@]+)>/;
const USER_LINK = /^https?:\/\/\S+?\/users\/([^/?#\s]+)/;

/**
 * Says what `text` means. `forced` is what the person chose instead of the
 * guess. Of a token only the subject comes out, so that the token itself can
 * get into no address and no call.
 */
export function interpretSearch(text: string, forced: SearchKind = "auto"): SearchIntent {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "empty" };
  const keys = keysOf(trimmed);
  if (keys.length > 1) return { kind: "many", keys };
  if (hasToken(trimmed)) return { kind: "token", query: keys[0] };
  const query = unwrapped(trimmed);
  return { kind: forced === "auto" ? guess(query) : forced, query };
}

/** What is searched for a text: the key or the name in it, without what surrounds it. */
export function searchTerm(text: string): string {
  const intent = interpretSearch(text);
  return ("query" in intent ? intent.query : undefined) ?? withoutToken(text.trim());
}

/**
 * The keys of a list, in its order, without blanks and repetitions: one a line,
 * or several in one line when each of them is an id or an e-mail address. Of a
 * line with several cells it is the first that is one of these.
 */
export function keysOf(text: string): string[] {
  const lines = linesWithWholeTokens(text);
  const keys = lines.length > 1 ? lines.flatMap(keyOfLine) : keysOfLine(lines[0] ?? "");
  return [...new Set(keys)];
}

function keysOfLine(line: string): string[] {
  if (hasToken(line)) return subjectsIn(line);
  for (const cells of [cellsOf(line), line.split(/[,;\s]/)]) {
    const parts = cells.flatMap(keyOfLine);
    if (parts.length > 1 && parts.every(isKey)) return parts;
  }
  return keyOfLine(line);
}

/** Behind the last address a comma separates nothing. */
function cellsOf(line: string): string[] {
  const end = line.lastIndexOf("@") + 1;
  const [open = "", ...rest] = line.slice(end).split(/[;\t]/);
  const cells = line.slice(0, end).split(/[;\t,]/);
  const last = cells.pop() ?? "";
  return [...cells, last + open, ...rest];
}

function keyOfLine(line: string): string[] {
  if (hasToken(line)) return subjectsIn(line);
  const whole = unwrapped(line);
  const cells = whole.split(/[;\t,]/).map(unwrapped);
  const key = isKey(whole) ? whole : (cells.find(isKey) ?? whole);
  return key === "" ? [] : [key];
}

/** Without what often surrounds a key: quotes, a comma, a mailbox, a link to the user. */
function unwrapped(text: string): string {
  const bare = text.trim().replace(/^["'`]|["'`]?(?<![,;])[,;]+$|["'`]$/g, "");
  const mailbox = MAILBOX.exec(bare)?.[1];
  const linked = USER_LINK.exec(bare)?.[1];
  if (linked !== undefined) return decoded(linked);
  return mailbox ?? bare.replace(/^mailto:(?=\S+@)/i, "").trim();
}

function isKey(text: string): boolean {
  return guess(text) !== "name";
}

function guess(text: string): "id" | "email" | "name" {
  if (EMAIL.test(text)) return "email";
  return UUID.test(text) || ULID.test(text) || IDENTIFIER.test(text) ? "id" : "name";
}

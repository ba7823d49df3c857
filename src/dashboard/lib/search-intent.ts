import type { SearchKind } from "./view.ts";

/** What a pasted or typed text is taken for. */
export type SearchIntent =
  | { readonly kind: "empty" }
  | { readonly kind: "id" | "email" | "name"; readonly query: string }
  /** A JSON Web Token: only its `sub` is used. */
  | { readonly kind: "token"; readonly query: string }
  /** Several lines, looked up all at once. */
  | { readonly kind: "many"; readonly keys: readonly string[] };

/** The largest number of keys that one batch may hold. */
export const MAX_BATCH_KEYS = 1000;

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
// Letters and digits in one word, as identifiers are: user123, usr_8fA3, 4711.
const IDENTIFIER = /^(?=.*\d)[\w.:|-]+$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/**
 * Says what `text` means. `forced` is what the person chose instead of the
 * guess. A token is decoded here and nowhere sent: without a readable `sub` it
 * gives `empty`, so that it can get into no address and no call.
 */
export function interpretSearch(text: string, forced: SearchKind = "auto"): SearchIntent {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "empty" };
  if (looksLikeToken(trimmed)) {
    const subject = subjectOf(trimmed);
    return subject === undefined ? { kind: "empty" } : { kind: "token", query: subject };
  }
  const keys = linesOf(trimmed)
    .map((line) => (looksLikeToken(line) ? subjectOf(line) : line))
    .filter((key) => key !== undefined);
  if (keys.length > 1) return { kind: "many", keys };
  if (forced !== "auto") return { kind: forced, query: trimmed };
  return { kind: guess(trimmed), query: trimmed };
}

/** Whether a text is a JSON Web Token or a part of one, also behind "Bearer". */
export function looksLikeToken(text: string): boolean {
  return /^(?:bearer\s+)?eyJ[\w-]{10,}[\w.-]*$/i.test(text.trim());
}

/** The lines of a pasted list, without blanks and repetitions. */
export function linesOf(text: string): string[] {
  const separators = /[\r\n]/.test(text) ? /[\r\n]+/ : /[;\t]+|,(?=\s*\S+@)/;
  const lines = text.split(separators).map((line) => line.trim().replace(/^["']|["',;]+$/g, ""));
  return [...new Set(lines.filter((line) => line !== ""))];
}

function guess(text: string): "id" | "email" | "name" {
  if (EMAIL.test(text)) return "email";
  return UUID.test(text) || ULID.test(text) || IDENTIFIER.test(text) ? "id" : "name";
}

function subjectOf(token: string): string | undefined {
  const payload = token.trim().split(/\s+/).at(-1)?.split(".")[1] ?? "";
  try {
    const base64 = payload.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims !== "object" || claims === null || !("sub" in claims)) return undefined;
    return typeof claims.sub === "string" && claims.sub !== "" ? claims.sub : undefined;
  } catch {
    // Not a token after all, or a damaged one: nothing of it may be used.
    return undefined;
  }
}

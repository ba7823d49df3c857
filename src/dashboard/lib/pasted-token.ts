// The header of a JSON Web Token is JSON, and so begins with `{"`: "eyJ" in base64url (RFC 7519).
const TOKEN = /(?<![\w-])eyJ[\w-]{10,}(?:\.[\w-]*)*/g;
const AT_THE_END = /(?<![\w-])eyJ[\w-]*(?:\.[\w-]*)*$/;
// In characters, by the end of `alg` (RFC 7518, RFC 8037); of RSA by the length of the key.
const SIGNATURE_LENGTHS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^[RP]S/, [342, 512, 683]],
  [/^HS256/, [43]],
  [/^HS384/, [64]],
  [/^(?:HS512|ES256|Ed)/, [86]],
  [/^ES384/, [128]],
  [/^ES512/, [176]],
];
// In characters; beyond it a line that begins like a token is none.
const LONGEST_HEADER = 2_000;

/** Whether a JSON Web Token, or a part of one, stands anywhere in a text. */
export function hasToken(text: string): boolean {
  return text.search(TOKEN) !== -1;
}

/** The subjects of the tokens in a text, each once. Nothing else of a token may leave this page. */
export function subjectsIn(text: string): string[] {
  const whole = linesWithWholeTokens(text).join("\n");
  const subjects = (whole.match(TOKEN) ?? []).map(subjectOf);
  return [...new Set(subjects.filter((subject) => subject !== undefined))];
}

/** The text, or of a text with a token in it only the first subject: what may stand in an address. */
export function withoutToken(text: string): string {
  return hasToken(text) ? (subjectsIn(text)[0] ?? "") : text;
}

/** The lines of a text, where a token that was broken over several is one line again. */
export function linesWithWholeTokens(text: string): string[] {
  const lines: string[] = [];
  let isFull = false;
  for (const line of text.split(/[\r\n]+/).map((each) => each.trim())) {
    const before = lines.at(-1);
    if (before !== undefined && isPiece(line, before) && goesOn(before, line, isFull)) {
      lines[lines.length - 1] = before + line;
      // Whatever breaks lines by their width breaks each but the last at the same place.
      isFull &&= line.length >= before.length;
    } else if (line !== "") {
      lines.push(line);
      isFull = true;
    }
  }
  return lines;
}

/** Whether a line can belong to the one before; one that begins a token does not. */
function isPiece(line: string, before: string): boolean {
  return /^[\w.-]+["',;}]*$/.test(line) && (!line.startsWith("eyJ") || before.endsWith("."));
}

/**
 * Whether a token at the end of `line` goes on in the `next`: by the length of its signature,
 * and where no length is known as long as the lines are full. Ids that follow a
 * token must not be taken for its end.
 */
function goesOn(line: string, next: string, isFull: boolean): boolean {
  const token = AT_THE_END.exec(line)?.[0];
  if (token === undefined) return false;
  const [header = "", payload, signature = ""] = token.split(".");
  const claims = claimsOf(header);
  if (payload === undefined) {
    return claims === undefined ? header.length < LONGEST_HEADER : next.startsWith(".");
  }
  const alg = String(claims?.["alg"]);
  const lengths = SIGNATURE_LENGTHS.find(([known]) => known.test(alg))?.[1];
  if (lengths === undefined) return isFull;
  return signature.length < Math.max(...lengths) && !lengths.includes(signature.length);
}

function subjectOf(token: string): string | undefined {
  const subject = claimsOf(token.split(".")[1])?.["sub"];
  return typeof subject === "string" && subject !== "" ? subject : undefined;
}

function claimsOf(part = ""): Record<string, unknown> | undefined {
  try {
    const base64 = part.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null ? { ...claims } : undefined;
  } catch {
    // Not a token after all, or a damaged one: nothing of it may be used.
    return undefined;
  }
}

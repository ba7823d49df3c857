const ASCII_ONLY = /^[\u0020-\u007e]*$/;
const ACCENTS = /[\u0300-\u036f]/g;
// Letters that Unicode does not decompose, although people type them without the stroke.
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  ħ: "h",
  ı: "i",
  ł: "l",
  þ: "th",
};
const SPECIAL_LETTERS = new RegExp(`[${Object.keys(PLAIN_LETTERS).join("")}]`, "g");
// Control characters separate the parts of a search key; none may come from outside.
const BLANKS = /[\s\p{Cc}\p{Cs}]+/gu;

/**
 * The text without case and accents, blanks collapsed: two spellings that a
 * person would call the same have the same fold (`Ångström` → `angstrom`).
 */
export function fold(text: string): string {
  const trimmed = text.replace(BLANKS, " ").trim();
  if (ASCII_ONLY.test(trimmed)) return trimmed.toLowerCase();
  return trimmed
    .normalize("NFKD")
    .replace(ACCENTS, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(ACCENTS, "")
    .replace(SPECIAL_LETTERS, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .replace(BLANKS, " ")
    .trim();
}

/**
 * The words of a folded name, each once: the words as written and, of those
 * with a hyphen or an apostrophe, also their parts (`o'neil` → `o'neil`, `o`,
 * `neil`).
 */
export function wordsOf(nameKey: string): string[] {
  const words = new Set<string>();
  for (const word of nameKey.split(" ")) {
    if (word !== "") words.add(word);
    for (const part of word.split(/[^\p{L}\p{N}\p{M}]+/u)) if (part !== "") words.add(part);
  }
  return [...words];
}

/** What is searched in place of what was written. */
export interface UserKeys {
  readonly idKey: string;
  readonly nameKey: string;
  readonly emailKey: string;
  /** Id and e-mail address each after a line feed, each word of the name after a space. */
  readonly searchKey: string;
}

/** The folded keys of a user; they depend on nothing but these three values. */
export function userKeys(user: { id: string; name: string; email: string }): UserKeys {
  const idKey = fold(user.id);
  const nameKey = fold(user.name);
  const emailKey = fold(user.email);
  const words = wordsOf(nameKey)
    .map((word) => ` ${word}`)
    .join("");
  return { idKey, nameKey, emailKey, searchKey: `\n${idKey}\n${emailKey}\n${words}` };
}

/** A piece of a text, and whether it is a part of what was searched. */
export interface TextPiece {
  readonly text: string;
  readonly hit: boolean;
}

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

// oxlint-disable-next-line no-control-regex
const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Cuts `text` into pieces and marks those that a word of `query` matches, in
 * any case and with or without accents. The pieces together are `text`.
 */
export function highlight(text: string, query: string): TextPiece[] {
  const words = wordsOf(query);
  if (ASCII.test(text)) return highlightLetters(text, Array.from(text.toLowerCase()), words);
  const normal = text.normalize("NFC");
  return highlightLetters(normal, Array.from(normal, fold), words);
}

let lastQuery = "";
let lastWords: readonly string[] = [];

/** Every cell of a list is searched for the same words. */
function wordsOf(query: string): readonly string[] {
  if (query !== lastQuery) {
    lastQuery = query;
    lastWords = fold(query)
      .split(/\s+/)
      .filter((word) => word !== "");
  }
  return lastWords;
}

/** `folded` has each letter of `text`, which may be several letters now. */
function highlightLetters(
  text: string,
  folded: readonly string[],
  words: readonly string[],
): TextPiece[] {
  const whole = folded.join("");
  if (!words.some((word) => whole.includes(word))) return [{ text, hit: false }];
  const hits = hitsOf(whole, words);
  let end = 0;
  const isHit = folded.map((letter) => hits.slice(end, (end += letter.length)).includes(true));
  return pieces(Array.from(text), (index) => isHit[index] ?? false);
}

function hitsOf(folded: string, words: readonly string[]): boolean[] {
  const hits = Array.from({ length: folded.length }, () => false);
  for (const word of words) {
    for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + 1)) {
      hits.fill(true, at, at + word.length);
    }
  }
  return hits;
}

function pieces(letters: readonly string[], isHit: (index: number) => boolean): TextPiece[] {
  const result: { text: string; hit: boolean }[] = [];
  for (const [index, letter] of letters.entries()) {
    const last = result.at(-1);
    const hit = isHit(index);
    if (last?.hit === hit) last.text += letter;
    else result.push({ text: letter, hit });
  }
  return result;
}

function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[ßæœøđðħıłþ]/g, (letter) => PLAIN_LETTERS[letter] ?? letter);
}

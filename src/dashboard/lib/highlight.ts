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

/**
 * Cuts `text` into pieces and marks those that a word of `query` matches, in
 * any case and with or without accents. The pieces together are `text`.
 */
export function highlight(text: string, query: string): TextPiece[] {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0 || text === "") return [{ text, hit: false }];
  const letters = Array.from(text.normalize("NFC"));
  const folded = letters.map(fold);
  // Where each letter of the text begins in the folded one, which may be longer.
  const starts = folded.reduce<number[]>(
    (all, part) => [...all, (all.at(-1) ?? 0) + part.length],
    [0],
  );
  const hits = hitsOf(folded.join(""), words);
  return pieces(letters, (index) => hits.slice(starts[index], starts[index + 1]).includes(true));
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

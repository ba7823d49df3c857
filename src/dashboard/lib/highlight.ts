/** A piece of a text, and whether it is a part of what was searched. */
export interface TextPiece {
  readonly text: string;
  readonly hit: boolean;
}

/**
 * Cuts `text` into pieces and marks those that a word of `query` matches, in
 * any case and with or without accents. The pieces together are `text`.
 */
export function highlight(text: string, query: string): TextPiece[] {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== "");
  const folded = fold(text);
  // Folding that changes the length would move the marks: show none then.
  if (words.length === 0 || folded.length !== text.length) return [{ text, hit: false }];
  const hits = Array.from({ length: text.length }, () => false);
  for (const word of words) {
    for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + 1)) {
      hits.fill(true, at, at + word.length);
    }
  }
  return pieces(text, hits);
}

function pieces(text: string, hits: readonly boolean[]): TextPiece[] {
  const result: TextPiece[] = [];
  let start = 0;
  for (let end = 1; end <= text.length; end++) {
    if (end < text.length && hits[end] === hits[start]) continue;
    result.push({ text: text.slice(start, end), hit: hits[start] ?? false });
    start = end;
  }
  return result.length === 0 ? [{ text, hit: false }] : result;
}

function fold(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\u00c0-\u024f]/g, (letter) => letter.normalize("NFD").charAt(0))
    .toLowerCase();
}

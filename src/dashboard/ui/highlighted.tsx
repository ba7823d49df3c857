import { highlight } from "../lib/highlight.ts";

/** A text in which the parts that were searched for are marked. */
export function Highlighted({ text, query }: { readonly text: string; readonly query: string }) {
  let at = 0;
  return highlight(text, query).map((piece) => {
    const key = at;
    at += piece.text.length;
    return piece.hit ? <mark key={key}>{piece.text}</mark> : piece.text;
  });
}

import { useEffect, useRef, useState } from "react";
import type { View } from "../../lib/view.ts";
import { filterCount } from "../../lib/view.ts";
import { interpretSearch, looksLikeToken } from "../../lib/search-intent.ts";

const SETTLED_MS = 120;

/** The text in the search box, and how it gets into the address. */
export interface SearchText {
  readonly text: string;
  /** What became of a pasted token. */
  readonly token: "used" | "broken" | undefined;
  readonly change: (text: string) => void;
  /** Writes the text into the address now instead of in a moment. */
  readonly flush: () => void;
}

/**
 * Keeps the box and the address together. Typing reaches the address when it
 * pauses for a moment; Back, Forward and links reach the box at once.
 */
export function useSearchText(
  view: View,
  go: (view: View, options?: { replace?: boolean }) => void,
): SearchText {
  const [text, setText] = useState(view.query);
  const [known, setKnown] = useState(view.query);
  const [token, setToken] = useState<"used" | "broken">();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (view.query !== known) {
    setKnown(view.query);
    setText(view.query);
  }
  const write = (next: string) => {
    clearTimeout(timer.current);
    if (next === view.query) return;
    setKnown(next);
    go(searchedView(view, next), { replace: view.searched && view.query !== "" });
  };
  return {
    text,
    token,
    change(typed) {
      const next = looksLikeToken(typed) ? subjectOnly(typed) : typed;
      if (next !== typed) setToken(next === "" ? "broken" : "used");
      else setToken(undefined);
      setText(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => write(next), SETTLED_MS);
    },
    flush: () => write(text),
  };
}

/** A new text is a new search: what was opened for the last one closes. */
function searchedView(view: View, query: string): View {
  const searched = query.trim() !== "" || filterCount(view) > 0;
  return { ...view, searched, query, user: undefined, kind: query === "" ? "auto" : view.kind };
}

/** A token never stays in the box: it could be sent, logged, or seen in the address. */
function subjectOnly(token: string): string {
  const intent = interpretSearch(token);
  return intent.kind === "token" ? intent.query : "";
}

import { useEffect, useMemo, useRef, useState } from "react";
import { hasToken, withoutToken } from "../../lib/pasted-token.ts";
import { interpretSearch } from "../../lib/search-intent.ts";
import { filterCount } from "../../lib/view.ts";
import type { View } from "../../lib/view.ts";

// Safari refuses more than a hundred changes of the address in thirty seconds.
const BETWEEN_WRITES_MS = 350;
const SETTLED_MS = 250;

/** The text in the search box, and how it gets into the address. */
export interface SearchText {
  readonly text: string;
  /** What became of a pasted token. */
  readonly token: "used" | "broken" | undefined;
  /** The view with the text as it is now; the very view of the address once that has the text. */
  readonly live: View;
  /** Whether the text is complete: it was pasted, entered, or nobody types any more. */
  readonly settled: boolean;
  readonly change: (text: string) => void;
  /** Takes a text that is complete, such as a pasted one, into the address at once. */
  readonly enter: (text: string) => void;
  /** What is typed next is another search, with a place of its own in the history. */
  readonly pause: () => void;
}

/**
 * Keeps the box and the address together. The results follow every key, and so
 * does the address, as fast as browsers allow; one typed search is one step of
 * the history. Back, Forward and links reach the box at once.
 */
export function useSearchText(
  view: View,
  go: (view: View, options?: { replace?: boolean }) => void,
): SearchText {
  const [text, setText] = useState(view.query);
  const [known, setKnown] = useState(view.query);
  const [token, setToken] = useState<"used" | "broken">();
  const [settled, setSettled] = useState(true);
  const timers = useTimers();
  const writtenAt = useRef(-Infinity);
  const typed = useRef<string>(undefined);
  const latest = useRef(view);
  useEffect(() => {
    latest.current = view;
  });
  if (view.query !== known) {
    setKnown(view.query);
    setText(view.query);
  }
  const live = useMemo(() => (text === view.query ? view : searchedView(view, text)), [view, text]);
  const write = (next: string) => {
    const now = latest.current;
    if (next === now.query) return;
    setKnown(next);
    go(searchedView(now, next), { replace: typed.current === now.query });
    typed.current = next;
    writtenAt.current = performance.now();
  };
  const take = (given: string, complete: boolean) => {
    // A token never stays in the box: it could be sent, logged, or seen in the address.
    const next = withoutToken(given);
    setToken(hasToken(given) ? (next === "" ? "broken" : "used") : undefined);
    setText(next);
    setSettled(complete);
    const waitMs = complete ? 0 : writtenAt.current + BETWEEN_WRITES_MS - performance.now();
    timers.cancel();
    if (waitMs <= 0) write(next);
    else timers.after(waitMs, () => write(next));
    if (!complete) timers.after(SETTLED_MS, () => setSettled(true));
  };
  return {
    text,
    token,
    live,
    settled: settled && live === view,
    change: (given) => take(given, false),
    enter: (given) => take(given, true),
    pause: () => (typed.current = undefined),
  };
}

/** Timers that end with the component. */
function useTimers() {
  const [timers] = useState(() => {
    const running = new Set<ReturnType<typeof setTimeout>>();
    return {
      after: (delayMs: number, action: () => void) => void running.add(setTimeout(action, delayMs)),
      cancel() {
        for (const timer of running) clearTimeout(timer);
        running.clear();
      },
    };
  });
  useEffect(() => timers.cancel, [timers]);
  return timers;
}

/**
 * A new text is a new search: what was opened for the last one closes, and what
 * was said about names is not meant for an id.
 */
function searchedView(view: View, query: string): View {
  const searched = query.trim() !== "" || filterCount(view) > 0;
  const sameKind = interpretSearch(query).kind === interpretSearch(view.query).kind;
  return { ...view, searched, query, user: undefined, kind: sameKind ? view.kind : "auto" };
}

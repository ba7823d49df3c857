import { useEffect, useMemo, useRef, useState } from "react";
import { hasToken, withoutToken } from "../../lib/pasted-token.ts";
import { interpretSearch } from "../../lib/search-intent.ts";
import { filterCount } from "../../lib/view.ts";
import type { View } from "../../lib/view.ts";

// Safari refuses more than a hundred changes of the address in thirty seconds.
const BETWEEN_WRITES_MS = 350;
const SETTLED_MS = 250;
// A change of the address keeps the browser from painting the results for some milliseconds.
const AFTER_KEY_MS = 100;

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
  /** Nobody types any more: what is typed next is another search, with a place in the history. */
  readonly pause: () => void;
}

/**
 * Keeps the box and the address together. The results follow every key, and
 * the address follows the results, as fast as browsers allow; one typed search is one step of
 * the history. Back, Forward and links reach the box at once.
 */
export function useSearchText(
  view: View,
  go: (view: View, options?: { replace?: boolean }) => void,
): SearchText {
  const [text, setText] = useState(view.query);
  const [known, setKnown] = useState(view.query);
  const [typing, setTyping] = useState<string>();
  const [token, setToken] = useState<"used" | "broken">();
  const timers = useTimers();
  const address = useAddress(view, go, timers.cancel);
  if (view.query !== known) {
    setKnown(view.query);
    setText(view.query);
  }
  const live = useMemo(() => (text === view.query ? view : searchedView(view, text)), [view, text]);
  const take = (given: string, complete: boolean) => {
    // A token never stays in the box: it could be sent, logged, or seen in the address.
    const next = withoutToken(given);
    setToken(hasToken(given) ? (next === "" ? "broken" : "used") : undefined);
    setText(next);
    setTyping(complete ? undefined : next);
    const waitMs = complete ? 0 : address.waitMs();
    timers.cancel();
    if (waitMs <= 0) address.write(next);
    else timers.after(waitMs, () => address.write(next));
    if (!complete) timers.after(SETTLED_MS, () => setTyping(undefined));
  };
  return {
    text,
    token,
    live,
    settled: typing !== text && live === view,
    change: (given) => take(given, false),
    enter: (given) => take(given, true),
    pause() {
      timers.cancel();
      setTyping(undefined);
      address.write(text);
      address.pause();
    },
  };
}

/** Writes what is typed into the address; `onOther` is called when something else changed it. */
function useAddress(
  view: View,
  go: (view: View, options?: { replace?: boolean }) => void,
  onOther: () => void,
) {
  const latest = useRef(view);
  const typed = useRef<string>(undefined);
  const writtenAt = useRef(-Infinity);
  useEffect(() => {
    latest.current = view;
  });
  // Back, Forward and links come before what has not reached the address yet.
  useEffect(() => {
    if (typed.current !== view.query) onOther();
  }, [view.query, onOther]);
  return {
    /** How long the next change should wait; a new step of the history comes before its results. */
    waitMs() {
      const isStep = typed.current !== latest.current.query;
      const againMs = writtenAt.current + BETWEEN_WRITES_MS - performance.now();
      return Math.max(isStep ? 0 : AFTER_KEY_MS, againMs);
    },
    write(next: string) {
      const now = latest.current;
      if (next === now.query) return;
      const replace = typed.current === now.query;
      typed.current = next;
      writtenAt.current = performance.now();
      go(searchedView(now, next), { replace });
    },
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

import { useId } from "react";
import type { RefObject } from "react";
import { goTo } from "../../lib/navigation.ts";
import { interpretSearch, linesOf } from "../../lib/search-intent.ts";
import { SEARCH_KINDS } from "../../lib/view.ts";
import type { SearchKind, View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { Icon } from "../../ui/icon.tsx";
import type { SearchText } from "./use-search-text.ts";

/** What {@link SearchBox} needs. */
export interface SearchBoxProps {
  readonly view: View;
  readonly search: SearchText;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onKind: (kind: SearchKind) => void;
  /** Enter was pressed. */
  readonly onSubmit: () => void;
  /** Escape was pressed; true when there was something to close. */
  readonly onEscape: () => boolean;
}

/** One box for whatever was pasted or typed. */
export function SearchBox({ view, search, input, onKind, onSubmit, onEscape }: SearchBoxProps) {
  const hint = useId();
  const text = words().search;
  return (
    <search className="search-area">
      <form
        className="search"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          aria-label={text.label}
          aria-describedby={search.token === undefined ? undefined : hint}
          placeholder={text.placeholder}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={4000}
          value={search.text}
          onChange={(event) => search.change(event.target.value)}
          onPaste={pasteMany}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || !onEscape()) return;
            // The browser would empty the box as well; that is for the next time.
            event.preventDefault();
          }}
        />
        <KindChoice view={view} text={search.text} onKind={onKind} />
        <kbd className="slash">/</kbd>
      </form>
      <p className="search-note" id={hint} role="status" hidden={search.token === undefined}>
        {search.token === "broken" ? text.brokenToken : text.fromToken}
      </p>
    </search>
  );
}

/** An `<input>` would join the lines of a list together: a list has a page of its own. */
function pasteMany(event: React.ClipboardEvent): void {
  const pasted = event.clipboardData.getData("text/plain");
  if (linesOf(pasted).length < 2) return;
  const intent = interpretSearch(pasted);
  if (intent.kind !== "many") return;
  event.preventDefault();
  goTo("/many", { state: { keys: intent.keys } });
}

function KindChoice(props: {
  readonly view: View;
  readonly text: string;
  readonly onKind: (kind: SearchKind) => void;
}) {
  const { view, text, onKind } = props;
  const { kinds, kindLabel } = words().search;
  const intent = interpretSearch(text, "auto");
  if (intent.kind !== "id" && intent.kind !== "email" && intent.kind !== "name") return null;
  const shown = view.kind === "auto" ? intent.kind : view.kind;
  return (
    <select
      className="kind"
      aria-label={kindLabel}
      value={shown}
      onChange={(event) => {
        const chosen = SEARCH_KINDS.find((kind) => kind === event.target.value) ?? "auto";
        onKind(chosen === intent.kind ? "auto" : chosen);
      }}
    >
      {SEARCH_KINDS.filter((kind) => kind !== "auto").map((kind) => (
        <option key={kind} value={kind}>
          {kinds[kind]}
        </option>
      ))}
    </select>
  );
}

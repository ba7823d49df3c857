import { useId } from "react";
import type { RefObject } from "react";
import { goTo } from "../../lib/navigation.ts";
import { interpretSearch } from "../../lib/search-intent.ts";
import { MAX_QUERY_LENGTH } from "../../lib/view-url.ts";
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
          maxLength={MAX_QUERY_LENGTH}
          value={search.text}
          onChange={(event) => {
            const { value } = event.target;
            if (isComplete(event.nativeEvent)) search.enter(value);
            else search.change(value);
          }}
          {...selectedWhenEntered}
          onPaste={(event) => takePaste(event, search)}
          onBlur={search.pause}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || !onEscape()) return;
            // The browser would empty the box as well; that is for the next time.
            event.preventDefault();
          }}
        />
        <Interpretation view={view} text={search.text} onKind={onKind} />
        <kbd className="slash">/</kbd>
      </form>
      <p className="search-note" id={hint} role="status" hidden={search.token === undefined}>
        {search.token === "broken" ? text.brokenToken : text.fromToken}
      </p>
    </search>
  );
}

let entered = false;
/** A click into the box selects what is in it, as in an address bar: the next paste replaces it. */
const selectedWhenEntered = {
  onPointerDown(event: React.PointerEvent<HTMLInputElement>) {
    entered = document.activeElement !== event.currentTarget;
  },
  onClick({ currentTarget: input }: React.MouseEvent<HTMLInputElement>) {
    if (entered && input.selectionStart === input.selectionEnd) input.select();
  },
  onFocus: (event: React.FocusEvent<HTMLInputElement>) => event.currentTarget.select(),
};

/** What was pasted or dropped is whole; what is typed goes on. */
function isComplete(event: Event): boolean {
  return event instanceof InputEvent && /^insertFrom(?:Paste|Drop)$/.test(event.inputType);
}

/**
 * An `<input>` would join the lines of a list together: a list has a page of
 * its own. And it would cut a long token off before its subject could be read.
 */
function takePaste(event: React.ClipboardEvent, search: SearchText): void {
  const pasted = event.clipboardData.getData("text/plain");
  const intent = interpretSearch(pasted);
  if (intent.kind === "token") search.enter(pasted);
  else if (intent.kind === "many") {
    search.pause();
    goTo("/many", { state: { keys: intent.keys } });
  } else return;
  event.preventDefault();
}

/** What the text is taken for, and the way to take it for something else. */
function Interpretation(props: {
  readonly view: View;
  readonly text: string;
  readonly onKind: (kind: SearchKind) => void;
}) {
  const { view, text, onKind } = props;
  const { kinds, only, kindLabel, lookUpMany } = words().search;
  const intent = interpretSearch(text);
  if (intent.kind === "many") {
    return (
      <button
        type="button"
        className="kind"
        onClick={() => goTo("/many", { state: { keys: intent.keys } })}
      >
        {lookUpMany(intent.keys.length)}
      </button>
    );
  }
  if (intent.kind === "empty" || intent.kind === "token") return null;
  const options = SEARCH_KINDS.filter((kind) => kind !== "auto");
  return (
    <select
      className="kind"
      aria-label={kindLabel}
      value={view.kind}
      onChange={({ target }) =>
        onKind(SEARCH_KINDS.find((kind) => kind === target.value) ?? "auto")
      }
    >
      <option value="auto">{kinds[intent.kind]}</option>
      {options.map((kind) => (
        <option key={kind} value={kind}>
          {only[kind]}
        </option>
      ))}
    </select>
  );
}

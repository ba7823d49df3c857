import { useEffect, useState } from "react";
import { words } from "../messages/messages.ts";
import { announce } from "./announcer.ts";
import { Icon } from "./icon.tsx";

const SHOWN_MS = 1500;

/** Copies `text`; `what` says what it is, for example "id user123". */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [copied, copy] = useCopy(what);
  return (
    <button
      type="button"
      className="copy"
      aria-label={words().common.copy(what)}
      title={words().common.copy(what)}
      data-copied={copied || undefined}
      onClick={(event) => {
        event.stopPropagation();
        copy(text);
      }}
    >
      <Icon name={copied ? "check" : "copy"} />
    </button>
  );
}

/** A copying function that says what it did, and whether it did so just now. */
export function useCopy(what: string): readonly [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string) => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
        announce(words().common.copied(what));
      },
      () => announce(words().common.copyFailed),
    );
  };
  return [copied, copy];
}

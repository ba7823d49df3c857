import { useEffect, useRef } from "react";
import { useServices } from "../../services.ts";
import { commandOf } from "./commands.ts";
import type { CommandId } from "./commands.ts";

/** Runs `run` for every key that is a command. */
export function useShortcuts(run: (id: CommandId) => void): void {
  const { preferences } = useServices();
  const current = useRef(run);
  useEffect(() => {
    current.current = run;
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const { singleKeys } = preferences.get();
      const id = commandOf(event, { typing: isTyping(event.target), singleKeys });
      if (id === undefined) return;
      // Escape keeps its meaning for the browser: it also empties a search box.
      if (id !== "close-user") event.preventDefault();
      current.current(id);
    };
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [preferences]);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

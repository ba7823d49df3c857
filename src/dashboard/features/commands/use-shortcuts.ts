import { useLayoutEffect } from "react";
import { useServices } from "../../services.ts";
import { commandOf } from "./commands.ts";

/** Runs the command of every key that is one, from the first picture of the page. */
export function useShortcuts(): void {
  const { preferences, commands } = useServices();
  useLayoutEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const { singleKeys } = preferences.get();
      const id = commandOf(event, { typing: isTyping(event.target), singleKeys });
      if (id === undefined || !commands.can(id)) return;
      // Escape keeps its meaning for the browser: it also empties a search box.
      if (id !== "close-user") event.preventDefault();
      commands.run(id);
    };
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [preferences, commands]);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

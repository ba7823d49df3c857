import { en } from "./en.ts";
import type { Messages } from "./en.ts";

let current: Messages = en;

/** The words of the page's language. Every key exists: a missing one does not compile. */
export function words(): Messages {
  return current;
}

/** Changes the language. To be called before the first render. */
export function setWords(messages: Messages): void {
  current = messages;
}

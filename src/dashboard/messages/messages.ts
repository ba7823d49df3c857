import type { Messages } from "./en.ts";

type Load = () => Promise<Messages>;

const english: Load = () => import("./en.ts").then(({ en }) => en);

/** The languages that there are, each in a chunk of its own (BCP 47, without a region). */
const languages: ReadonlyMap<string, Load> = new Map([["en", english]]);

let current: Messages | undefined;

/** The words of the page's language. Every key exists: a missing one does not compile. */
export function words(): Messages {
  if (current === undefined) throw new Error("No words yet: loadWords comes first.");
  return current;
}

/** Fetches the first language of `preferred` that there is, else English. Before the first render. */
export async function loadWords(preferred: readonly string[]): Promise<void> {
  const known = preferred.map((tag) => languages.get(tag.split("-")[0] ?? tag));
  const load = known.find((found) => found !== undefined) ?? english;
  setWords(await load());
}

/** Changes the language. To be called before the first render. */
export function setWords(messages: Messages): void {
  current = messages;
}

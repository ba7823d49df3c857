import { userPath, viewHref } from "../../lib/view-url.ts";
import { EMPTY_VIEW } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import type { Services } from "../../services.ts";
import { findCommands } from "./commands.ts";

const MAX_RECENTS = 5;

/** One line of the palette. */
export interface PaletteItem {
  readonly key: string;
  readonly title: string;
  /** The key that does the same. */
  readonly shortcut: string | undefined;
  readonly run: () => void;
}

/** What the palette works with. */
export interface PaletteContext extends Pick<Services, "commands" | "recents"> {
  /** The path of the page: whoever is open needs no opening. */
  readonly path: string;
  readonly goTo: (path: string) => void;
}

/** What the palette offers for a text: commands, users opened last, and a search for the text. */
export function paletteItems(
  text: string,
  { commands, recents, path, goTo }: PaletteContext,
): PaletteItem[] {
  const wanted = text.trim();
  const { titles, recent, search } = words().commands;
  const doable = findCommands(wanted)
    .filter(({ id }) => commands.can(id))
    .map(({ id, key }) => ({
      key: id,
      title: titles[id],
      shortcut: key,
      run: () => void commands.run(id),
    }));
  const opened = recents
    .get()
    .filter((id) => userPath(id) !== path)
    .filter((id) => recent(id).toLowerCase().includes(wanted.toLowerCase()))
    .slice(0, MAX_RECENTS)
    .map((id) => ({
      key: `user:${id}`,
      title: recent(id),
      shortcut: undefined,
      run: () => goTo(userPath(id)),
    }));
  if (wanted === "") return [...opened, ...doable];
  const view = { ...EMPTY_VIEW, searched: true, query: wanted };
  const lookUp = {
    key: "search",
    title: search(wanted),
    shortcut: undefined,
    run: () => goTo(viewHref(view)),
  };
  return [...doable, ...opened, lookUp];
}

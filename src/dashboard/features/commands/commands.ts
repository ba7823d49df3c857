import { words } from "../../messages/messages.ts";

/** Everything that a key or the palette can do, by name. */
export type CommandId = keyof ReturnType<typeof words>["commands"]["titles"];

/** What commands do; one without an action cannot be done now. */
export type CommandActions = Readonly<Partial<Record<CommandId, (() => void) | undefined>>>;

/** One thing that can be done. */
export interface Command {
  readonly id: CommandId;
  /** A single key, such as `j`, or `mod+k` with Control or Command. */
  readonly key?: string;
  /** Whether the palette offers it. */
  readonly inPalette: boolean;
}

/** The one list of commands: keys, palette and the sheet of shortcuts read it. */
export const COMMANDS: readonly Command[] = [
  { id: "focus-search", key: "/", inPalette: true },
  { id: "next-row", key: "j", inPalette: false },
  { id: "previous-row", key: "k", inPalette: false },
  { id: "open-row", key: "Enter", inPalette: false },
  { id: "copy-id", key: "c", inPalette: true },
  { id: "open-page", key: "o", inPalette: true },
  { id: "close-user", key: "Escape", inPalette: false },
  { id: "open-palette", key: "mod+k", inPalette: false },
  { id: "open-sheet", key: "?", inPalette: true },
  { id: "browse-all", inPalette: true },
  { id: "drop-filters", inPalette: true },
  { id: "export-csv", inPalette: true },
  { id: "many-at-once", inPalette: true },
  { id: "clear-recents", inPalette: true },
  { id: "toggle-inspector", key: "mod+i", inPalette: true },
  { id: "show-failed-call", inPalette: true },
  { id: "theme-system", inPalette: true },
  { id: "theme-light", inPalette: true },
  { id: "theme-dark", inPalette: true },
  { id: "single-keys-off", inPalette: true },
  { id: "single-keys-on", inPalette: true },
  { id: "sign-out", inPalette: true },
];

/** The part of a keyboard event that decides. */
export interface KeyStroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * The command of a key. In a text field, and when single keys are switched off
 * (WCAG 2.1.4), only combinations count; Escape always does. Enter is left to
 * what has the focus.
 */
export function commandOf(
  stroke: KeyStroke,
  context: { readonly typing: boolean; readonly singleKeys: boolean },
): CommandId | undefined {
  if (stroke.altKey) return undefined;
  const mod = stroke.ctrlKey || stroke.metaKey;
  const name = mod ? `mod+${stroke.key.toLowerCase()}` : stroke.key;
  const command = COMMANDS.find(({ key }) => key === name);
  if (command === undefined || command.id === "open-row") return undefined;
  if (!isSingleKey(command)) return command.id;
  return context.typing || !context.singleKeys ? undefined : command.id;
}

/** Whether a command has a single character for a key, which a person may switch off. */
export function isSingleKey({ key = "" }: Pick<Command, "key">): boolean {
  return key.length === 1;
}

/** How a key is written for people. */
export function keyWords(key: string, mac: boolean): string {
  if (key.startsWith("mod+")) return `${mac ? "⌘" : "Ctrl"} ${key.slice(4).toUpperCase()}`;
  return key === "Escape" ? "Esc" : key;
}

/** The commands of the palette whose title or other names contain every word of `text`. */
export function findCommands(text: string): Command[] {
  const { titles, otherNames } = words().commands;
  const parts = text.toLowerCase().split(/\s+/);
  return COMMANDS.filter(({ id, inPalette }) => {
    const names = `${titles[id]} ${otherNames[id] ?? ""}`.toLowerCase();
    return inPalette && parts.every((part) => names.includes(part));
  });
}

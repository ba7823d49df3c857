import { useId, useState } from "react";
import { words } from "../../messages/messages.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { findCommands, keyWords } from "./commands.ts";
import type { CommandId } from "./commands.ts";

/** What {@link Palette} needs. */
export interface PaletteProps {
  readonly onClose: () => void;
  readonly onRun: (id: CommandId) => void;
}

/** Finds a command by name. */
export function Palette({ onClose, onRun }: PaletteProps) {
  const [text, setText] = useState("");
  const [index, setIndex] = useState(0);
  const id = useId();
  const found = findCommands(text);
  const at = Math.min(index, found.length - 1);
  const { commands } = words();
  const run = (command: CommandId | undefined) => {
    if (command === undefined) return;
    onClose();
    onRun(command);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Enter") run(found[at]?.id);
    else if (event.key === "ArrowDown") setIndex((at + 1) % Math.max(1, found.length));
    else if (event.key === "ArrowUp") setIndex((at - 1 + found.length) % Math.max(1, found.length));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={commands.palette} onClose={onClose}>
      <input
        type="text"
        role="combobox"
        className="palette-input"
        data-first-focus
        aria-label={commands.paletteLabel}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={at < 0 ? undefined : `${id}-${String(at)}`}
        placeholder={commands.paletteLabel}
        value={text}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.target.value);
          setIndex(0);
        }}
      />
      <Options id={id} at={at} found={found} onRun={run} />
    </Dialog>
  );
}

function Options(props: {
  readonly id: string;
  readonly at: number;
  readonly found: ReturnType<typeof findCommands>;
  readonly onRun: (id: CommandId) => void;
}) {
  const { id, at, found, onRun } = props;
  const { commands } = words();
  const mac = navigator.userAgent.includes("Mac");
  return (
    <>
      {found.length === 0 ? <p className="muted empty">{commands.noCommand}</p> : null}
      <div className="palette" id={id} role="listbox" aria-label={commands.palette}>
        {found.map((command, index) => (
          // The focus stays in the text field; keys are handled there.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={command.id}
            id={`${id}-${String(index)}`}
            role="option"
            aria-selected={index === at}
            onClick={() => onRun(command.id)}
          >
            {commands.titles[command.id]}
            {command.key === undefined ? null : <kbd>{keyWords(command.key, mac)}</kbd>}
          </div>
        ))}
      </div>
    </>
  );
}

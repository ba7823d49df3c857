import { useEffect, useId, useRef, useState } from "react";
import { goTo, usePath } from "../../lib/navigation.ts";
import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { keyWords } from "./commands.ts";
import { paletteItems } from "./palette-items.ts";
import type { PaletteItem } from "./palette-items.ts";

/** Finds a command by name, a user opened last, or whoever else is typed. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const services = useServices();
  const path = usePath();
  const [text, setText] = useState("");
  const [index, setIndex] = useState(0);
  const id = useId();
  const items = paletteItems(text, { ...services, path, goTo });
  const at = Math.min(index, items.length - 1);
  const { commands } = words();
  const run = (item: PaletteItem | undefined) => {
    if (item === undefined) return;
    onClose();
    item.run();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "Enter") run(items[at]);
    else if (event.key === "ArrowDown") setIndex((at + 1) % items.length);
    else if (event.key === "ArrowUp") setIndex((at - 1 + items.length) % items.length);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={commands.palette} onClose={onClose} bare>
      <input
        type="text"
        role="combobox"
        className="palette-input"
        data-first-focus
        autoComplete="off"
        spellCheck={false}
        aria-label={commands.paletteLabel}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={`${id}-${String(at)}`}
        placeholder={commands.paletteLabel}
        value={text}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.target.value);
          setIndex(0);
        }}
      />
      <Options id={id} at={at} items={items} onRun={run} />
    </Dialog>
  );
}

function Options(props: {
  readonly id: string;
  readonly at: number;
  readonly items: readonly PaletteItem[];
  readonly onRun: (item: PaletteItem) => void;
}) {
  const { id, at, items, onRun } = props;
  const list = useRef<HTMLDivElement>(null);
  const mac = navigator.userAgent.includes("Mac");
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, items.length]);
  return (
    <div
      className="palette"
      id={id}
      role="listbox"
      tabIndex={-1}
      aria-label={words().commands.found}
      ref={list}
    >
      {items.map((item, index) => (
        // The focus stays in the text field; keys are handled there.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={item.key}
          id={`${id}-${String(index)}`}
          role="option"
          aria-selected={index === at}
          onClick={() => onRun(item)}
        >
          <span className="option-title">{item.title}</span>
          {item.shortcut === undefined ? null : <kbd>{keyWords(item.shortcut, mac)}</kbd>}
        </div>
      ))}
    </div>
  );
}

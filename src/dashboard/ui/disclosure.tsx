import { useEffect, useId, useRef, useState } from "react";
import type { ReactNode } from "react";

/** What {@link Disclosure} needs. */
export interface DisclosureProps {
  /** What is on the button. */
  readonly label: ReactNode;
  readonly className?: string;
  /** The name of the button when the label alone does not say it. */
  readonly name?: string;
  /** The panel; `close` puts it away. */
  readonly children: (close: () => void) => ReactNode;
}

/**
 * A button that opens a small panel beneath it. Escape, a click elsewhere and
 * leaving it with the keyboard close it.
 */
export function Disclosure({ label, className = "chip", name, children }: DisclosureProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);
  useClickElsewhere(root, open, close);
  return (
    // It listens only to what comes up from the button and the panel inside.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className="disclosure"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close();
        button.current?.focus();
      }}
      onBlur={(event) => {
        if (event.relatedTarget && !root.current?.contains(event.relatedTarget)) close();
      }}
    >
      <button
        ref={button}
        type="button"
        className={className}
        aria-expanded={open}
        aria-controls={id}
        aria-label={name}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      <div className="panel" id={id} hidden={!open}>
        {open ? children(close) : null}
      </div>
    </div>
  );
}

function useClickElsewhere(
  root: React.RefObject<HTMLElement | null>,
  active: boolean,
  onElsewhere: () => void,
): void {
  const callback = useRef(onElsewhere);
  useEffect(() => {
    callback.current = onElsewhere;
  });
  useEffect(() => {
    if (!active) return undefined;
    const listener = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) callback.current();
    };
    document.addEventListener("pointerdown", listener);
    return () => document.removeEventListener("pointerdown", listener);
  }, [active, root]);
}

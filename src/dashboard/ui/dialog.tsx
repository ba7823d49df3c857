import { useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";
import { CloseButton } from "./close-button.tsx";

/** What {@link Dialog} needs. */
export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Without a head: what it is goes without saying. Escape closes it all the same. */
  readonly bare?: boolean;
}

/** A native modal dialog: Escape and a click beside it close it. */
export function Dialog({ title, onClose, children, bare = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  // Before it is painted: what is typed from then on is meant for the dialog.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog === null || dialog.open) return;
    dialog.showModal();
    // The browser would choose the close button, which comes first.
    dialog.querySelector<HTMLElement>("[data-first-focus]")?.focus();
  }, []);
  return (
    // The native dialog brings Escape; the click only repeats it for the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={element}
      aria-label={title}
      onClose={onClose}
      // The close event comes later, and would close what a key has opened meanwhile.
      onCancel={onClose}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className={bare ? "dialog-body bare" : "dialog-body"}>
        {bare ? null : <DialogHead title={title} onClose={onClose} />}
        {children}
      </div>
    </dialog>
  );
}

function DialogHead({ title, onClose }: Pick<DialogProps, "title" | "onClose">) {
  return (
    <header>
      <h2>{title}</h2>
      <CloseButton onClose={onClose} />
    </header>
  );
}

import { Suspense, lazy } from "react";
import type { CommandId } from "./features/commands/commands.ts";

const Inspector = lazy(() =>
  import("./features/inspector/inspector.tsx").then((module) => ({ default: module.Inspector })),
);
const Palette = lazy(() =>
  import("./features/commands/palette.tsx").then((module) => ({ default: module.Palette })),
);
const ShortcutSheet = lazy(() =>
  import("./features/commands/shortcut-sheet.tsx").then((module) => ({
    default: module.ShortcutSheet,
  })),
);

/** What lies over the page or beneath it. */
export interface OverlayState {
  readonly inspector: boolean;
  readonly dialog: "palette" | "sheet" | undefined;
}

/** The inspector and the dialogs; none of them is loaded before it is wanted. */
export function Overlays(props: {
  readonly state: OverlayState;
  readonly onChange: (change: Partial<OverlayState>) => void;
  readonly onRun: (id: CommandId) => void;
}) {
  const { state, onChange, onRun } = props;
  const closeDialog = () => onChange({ dialog: undefined });
  return (
    <Suspense>
      {state.inspector ? <Inspector onClose={() => onChange({ inspector: false })} /> : null}
      {state.dialog === "palette" ? <Palette onClose={closeDialog} onRun={onRun} /> : null}
      {state.dialog === "sheet" ? <ShortcutSheet onClose={closeDialog} /> : null}
    </Suspense>
  );
}

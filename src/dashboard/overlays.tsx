import { Suspense, lazy } from "react";

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
  /** The number of the call that the inspector shows. */
  readonly call: number | undefined;
  readonly dialog: "palette" | "sheet" | undefined;
}

/** Nothing lies over the page. */
export const NO_OVERLAYS: OverlayState = { inspector: false, call: undefined, dialog: undefined };

/** The inspector and the dialogs; none of them is loaded before it is wanted. */
export function Overlays(props: {
  readonly state: OverlayState;
  readonly onChange: (change: Partial<OverlayState>) => void;
}) {
  const { state, onChange } = props;
  const closeDialog = () => onChange({ dialog: undefined });
  return (
    <Suspense>
      {state.inspector ? (
        <Inspector
          call={state.call}
          onCall={(call) => onChange({ call })}
          onClose={() => onChange({ inspector: false })}
        />
      ) : null}
      {state.dialog === "palette" ? <Palette onClose={closeDialog} /> : null}
      {state.dialog === "sheet" ? <ShortcutSheet onClose={closeDialog} /> : null}
    </Suspense>
  );
}

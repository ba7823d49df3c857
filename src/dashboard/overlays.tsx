import { Suspense, lazy, useEffect } from "react";
import { PartGuard } from "./ui/part-guard.tsx";

const loadInspector = () => import("./features/inspector/inspector.tsx");
const loadPalette = () => import("./features/commands/palette.tsx");
const loadSheet = () => import("./features/commands/shortcut-sheet.tsx");
const Inspector = lazy(() => loadInspector().then((part) => ({ default: part.Inspector })));
const Palette = lazy(() => loadPalette().then((part) => ({ default: part.Palette })));
const ShortcutSheet = lazy(() => loadSheet().then((part) => ({ default: part.ShortcutSheet })));

/** What lies over the page or beneath it. */
export interface OverlayState {
  readonly inspector: boolean;
  /** The number of the call that the inspector shows. */
  readonly call: number | undefined;
  readonly dialog: "palette" | "sheet" | undefined;
}

/** Nothing lies over the page. */
export const NO_OVERLAYS: OverlayState = { inspector: false, call: undefined, dialog: undefined };

/** The inspector and the dialogs; none of them is loaded with the page. */
export function Overlays(props: {
  readonly state: OverlayState;
  readonly onChange: (change: Partial<OverlayState>) => void;
}) {
  const { state, onChange } = props;
  useEffect(loadSoon, []);
  const closeDialog = () => onChange({ dialog: undefined });
  return (
    <PartGuard>
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
    </PartGuard>
  );
}

/**
 * Whoever opens the palette types on at once, and whoever lost the network wants
 * to know why: what is fetched only then comes late, or never.
 */
function loadSoon(): () => void {
  const timer = setTimeout(() => {
    // Whoever opens one of them after all hears of it then.
    Promise.allSettled([loadPalette(), loadSheet(), loadInspector()]).catch(() => undefined);
  }, 1000);
  return () => clearTimeout(timer);
}

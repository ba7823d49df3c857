import { Suspense, lazy, useRef, useState } from "react";
import type { User } from "../gen/user/v1/user_service_pb.ts";
import type { CommandId } from "./features/commands/commands.ts";
import { useCommandRunner } from "./features/commands/use-command-runner.ts";
import { useShortcuts } from "./features/commands/use-shortcuts.ts";
import { BatchPage } from "./features/lookup/batch-page.tsx";
import { LookupPage } from "./features/lookup/lookup-page.tsx";
import { SearchBox } from "./features/lookup/search-box.tsx";
import { useSearchText } from "./features/lookup/use-search-text.ts";
import { AccountMenu } from "./features/session/account-menu.tsx";
import { Bars } from "./features/session/bars.tsx";
import { ConnectionFooter } from "./features/session/connection-footer.tsx";
import { hrefOf, goTo, usePath, useView } from "./lib/navigation.ts";
import { interpretSearch } from "./lib/search-intent.ts";
import type { View } from "./lib/view.ts";
import { words } from "./messages/messages.ts";
import { useServices } from "./services.ts";
import { Mark } from "./ui/icon.tsx";

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
export interface Overlays {
  readonly inspector: boolean;
  readonly dialog: "palette" | "sheet" | undefined;
}

/** The page of somebody who is signed in. */
export function Workspace() {
  const { view, go } = useView();
  const path = usePath();
  const input = useRef<HTMLInputElement>(null);
  const rows = useRef<{ users: readonly User[]; loadMore: () => void }>(undefined);
  const [overlays, setOverlays] = useState<Overlays>({ inspector: false, dialog: undefined });
  const change = (part: Partial<Overlays>) => setOverlays((before) => ({ ...before, ...part }));
  const run = useCommandRunner({ view, go, input, rows, onOverlays: change, overlays });
  useShortcuts(run);
  return (
    <div className="app">
      <Header view={view} go={go} input={input} first={() => rows.current?.users[0]} run={run} />
      <Bars />
      {path === "/many" ? (
        <BatchPage />
      ) : path === "/" || view.user !== undefined ? (
        <LookupPage
          view={view}
          go={go}
          onRows={(users, loadMore) => {
            rows.current = { users, loadMore };
          }}
        />
      ) : (
        <NoSuchPage />
      )}
      <Suspense>
        {overlays.inspector ? <Inspector onClose={() => change({ inspector: false })} /> : null}
        <OpenDialog
          dialog={overlays.dialog}
          run={run}
          onClose={() => change({ dialog: undefined })}
        />
      </Suspense>
      <ConnectionFooter onShortcuts={() => change({ dialog: "sheet" })} />
    </div>
  );
}

function Header(props: {
  readonly view: View;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
  readonly input: React.RefObject<HTMLInputElement | null>;
  readonly first: () => User | undefined;
  readonly run: (id: CommandId) => void;
}) {
  const { view, go, input, first, run } = props;
  const { config } = useServices();
  const search = useSearchText(view, go);
  const submit = () => {
    search.flush();
    const intent = interpretSearch(search.text, view.kind);
    const settled = search.text === view.query && view.user === undefined;
    const best = settled ? first() : undefined;
    const id = best?.id ?? (intent.kind === "id" && settled ? intent.query : undefined);
    if (id !== undefined) go({ ...view, user: id });
  };
  return (
    <header className="bar-top">
      <a className="skip" href="#results">
        {words().common.skipToResults}
      </a>
      <a className="brand" href={hrefOf("/")} onClick={goHome}>
        <Mark />
        <span>{config.brand}</span>
        <span className="env">{new URL(config.apiBaseUrl).hostname}</span>
      </a>
      <SearchBox
        view={view}
        search={search}
        input={input}
        onKind={(kind) => go({ ...view, kind, user: undefined }, { replace: true })}
        onSubmit={submit}
      />
      <div className="who">
        <AccountMenu onInspector={() => run("toggle-inspector")} />
      </div>
    </header>
  );
}

function goHome(event: React.MouseEvent): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  goTo("/");
}

function OpenDialog(props: {
  readonly dialog: Overlays["dialog"];
  readonly run: (id: CommandId) => void;
  readonly onClose: () => void;
}) {
  const { dialog, run, onClose } = props;
  if (dialog === "palette") return <Palette onClose={onClose} onRun={run} />;
  return dialog === "sheet" ? <ShortcutSheet onClose={onClose} /> : null;
}

function NoSuchPage() {
  const text = words().common;
  return (
    <main className="main">
      <div className="state">
        <h2>{text.notFoundTitle}</h2>
        <p>{text.notFoundText}</p>
        <a className="button" href={hrefOf("/")} onClick={goHome}>
          {text.toSearch}
        </a>
      </div>
    </main>
  );
}

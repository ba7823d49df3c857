import { Suspense, lazy, useRef, useState } from "react";
import { useSession } from "../lib/react/index.ts";
import { useShortcuts } from "./features/commands/use-shortcuts.ts";
import { useWorkspaceCommands } from "./features/commands/use-workspace-commands.ts";
import { LookupPage } from "./features/lookup/lookup-page.tsx";
import type { LookupPageProps } from "./features/lookup/lookup-page.tsx";
import { useBestMatch } from "./features/lookup/use-best-match.ts";
import { useSearchText } from "./features/lookup/use-search-text.ts";
import { Bars } from "./features/session/bars.tsx";
import { ConnectionFooter } from "./features/session/connection-footer.tsx";
import { Header } from "./header.tsx";
import { goHome, hrefOf, usePath } from "./lib/navigation.ts";
import { useView } from "./lib/use-view.ts";
import type { View } from "./lib/view.ts";
import { words } from "./messages/messages.ts";
import { NO_OVERLAYS, Overlays } from "./overlays.tsx";
import type { OverlayState } from "./overlays.tsx";
import { useServices, useStore } from "./services.ts";
import { PartGuard } from "./ui/part-guard.tsx";

const BatchPage = lazy(() =>
  import("./features/lookup/batch-page.tsx").then((module) => ({ default: module.BatchPage })),
);

const ExportCard = lazy(() =>
  import("./features/lookup/export-card.tsx").then((module) => ({ default: module.ExportCard })),
);

/** The page of somebody who is signed in. */
export function Workspace() {
  const { preferences } = useServices();
  const { subject } = useSession();
  const { view, go } = useView(useStore(preferences, preferences.get).columns);
  const search = useSearchText(view, go);
  const input = useRef<HTMLInputElement>(null);
  const { rows, awaitBest, onRows } = useBestMatch(search.live, go);
  const [exported, setExported] = useExported();
  const [overlays, setOverlays] = useState(NO_OVERLAYS);
  const change = (part: Partial<OverlayState>) => setOverlays((now) => ({ ...now, ...part }));
  useWorkspaceCommands({ view, go, input, rows, onOverlays: change, overlays });
  useShortcuts();
  return (
    <div className="app">
      <Header
        view={view}
        search={search}
        go={go}
        input={input}
        first={() => rows.current?.users[0]}
        awaitBest={awaitBest}
      />
      <Bars />
      {/* What stands in for a list must not be what another person saw. */}
      <Page
        key={subject}
        view={search.live}
        settled={search.settled}
        go={go}
        onExport={exported === undefined ? setExported : undefined}
        onRows={onRows}
      />
      {exported === undefined ? null : (
        <PartGuard>
          <Suspense>
            <ExportCard view={exported} onClose={() => setExported(undefined)} />
          </Suspense>
        </PartGuard>
      )}
      <Overlays state={overlays} onChange={change} />
      <ConnectionFooter />
    </div>
  );
}

/** The list that is being exported. It ends with the person: no file may have pages of two. */
function useExported() {
  const { subject } = useSession();
  const [exported, setExported] = useState<{ view: View; subject: string | undefined }>();
  const view = exported?.subject === subject ? exported?.view : undefined;
  if (view !== exported?.view) setExported(undefined);
  const change = (next: View | undefined) =>
    setExported(next === undefined ? undefined : { view: next, subject });
  return [view, change] as const;
}

/** What the address names; whoever begins to type a search sees its results, wherever that is. */
function Page(props: LookupPageProps) {
  const path = usePath();
  if (path === "/" || props.view.user !== undefined || props.view.searched) {
    return <LookupPage {...props} />;
  }
  if (path !== "/many") return <NoSuchPage />;
  return (
    <Suspense fallback={<main id="main" tabIndex={-1} />}>
      <BatchPage />
    </Suspense>
  );
}

function NoSuchPage() {
  const text = words().common;
  return (
    <main id="main" tabIndex={-1} className="main">
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

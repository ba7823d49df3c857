import { useRef, useState } from "react";
import type { User } from "../gen/user/v1/user_service_pb.ts";
import { useShortcuts } from "./features/commands/use-shortcuts.ts";
import { useWorkspaceCommands } from "./features/commands/use-workspace-commands.ts";
import { BatchPage } from "./features/lookup/batch-page.tsx";
import { LookupPage } from "./features/lookup/lookup-page.tsx";
import { Bars } from "./features/session/bars.tsx";
import { ConnectionFooter } from "./features/session/connection-footer.tsx";
import { Header, goHome } from "./header.tsx";
import { hrefOf, usePath, useView } from "./lib/navigation.ts";
import { words } from "./messages/messages.ts";
import { NO_OVERLAYS, Overlays } from "./overlays.tsx";
import type { OverlayState } from "./overlays.tsx";

/** The page of somebody who is signed in. */
export function Workspace() {
  const { view, go } = useView();
  const path = usePath();
  const input = useRef<HTMLInputElement>(null);
  const awaited = useRef<string>(undefined);
  const rows = useRef<{ users: readonly User[]; loadMore: () => void }>(undefined);
  const [overlays, setOverlays] = useState(NO_OVERLAYS);
  const change = (part: Partial<OverlayState>) => setOverlays((now) => ({ ...now, ...part }));
  useWorkspaceCommands({ view, go, input, rows, onOverlays: change, overlays });
  useShortcuts();
  const onRows = (users: readonly User[], loadMore: () => void) => {
    rows.current = { users, loadMore };
    const best = users[0];
    if (best === undefined || awaited.current !== view.query) return;
    awaited.current = undefined;
    if (view.user === undefined) go({ ...view, user: best.id });
  };
  return (
    <div className="app">
      <Header
        view={view}
        go={go}
        input={input}
        first={() => rows.current?.users[0]}
        awaitBest={(text) => {
          awaited.current = text;
        }}
      />
      <Bars />
      {path === "/many" ? (
        <BatchPage />
      ) : path === "/" || view.user !== undefined ? (
        <LookupPage view={view} go={go} onRows={onRows} />
      ) : (
        <NoSuchPage />
      )}
      <Overlays state={overlays} onChange={change} />
      <ConnectionFooter />
    </div>
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

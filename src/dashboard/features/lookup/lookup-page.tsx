import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { interpretSearch } from "../../lib/search-intent.ts";
import type { View } from "../../lib/view.ts";
import { whenShown } from "../../lib/when-shown.ts";
import { UserRegion } from "../user/user-region.tsx";
import { Home } from "./home.tsx";
import { Results } from "./results.tsx";
import { Toolbar } from "./toolbar.tsx";
import type { Rows } from "./use-best-match.ts";
import { useSlow } from "./use-slow.ts";
import { useUserList } from "./use-user-list.ts";

const NOBODY: readonly User[] = [];

/** What {@link LookupPage} needs. */
export interface LookupPageProps {
  readonly view: View;
  /** The address has the text of the view; somebody who types is not interrupted. */
  readonly settled: boolean;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
  readonly onExport: ((view: View) => void) | undefined;
  readonly onRows: (rows: Rows) => void;
}

/** The start, or the list and beside it the open user, or a user alone. */
export function LookupPage(props: LookupPageProps) {
  const { view, go } = props;
  const lists = useListsLeft(view.searched);
  if (view.searched || view.user === undefined) return <StartOrList key={lists} {...props} />;
  return (
    <main id="main" tabIndex={-1} className="main main-page">
      <UserRegion key={view.user} id={view.user} view={view} go={go} />
    </main>
  );
}

/** How many lists were left: the next one has nothing to do with them. */
function useListsLeft(searched: boolean): number {
  const [known, setKnown] = useState({ searched, left: 0 });
  if (searched !== known.searched) setKnown({ searched, left: known.left + (searched ? 0 : 1) });
  return known.left;
}

function StartOrList({ view, settled, go, onExport, onRows }: LookupPageProps) {
  const [startShown, setStartShown] = useState(!view.searched);
  const list = useUserList(view);
  const { users, stale, loadMore } = list;
  // The start stays until there is something else to see: two new pictures take longer than one.
  const waits = startShown && view.user === undefined && list.state.kind === "loading";
  const waitsLong = useSlow(waits && view.searched);
  const showsStart = !view.searched || (waits && !waitsLong);
  if (showsStart !== startShown) setStartShown(showsStart);
  const shown = stale || showsStart ? NOBODY : users;
  useOpenExact(view, settled ? shown : NOBODY, go);
  useEffect(() => {
    onRows({ users: shown, loadMore });
  });
  return (
    <Sides key={showsStart ? "start" : "list"} open={view.user !== undefined}>
      <div className="list">
        {showsStart ? (
          <Home view={view} onView={go} />
        ) : (
          <>
            <Toolbar view={view} list={list} onView={go} onExport={onExport} />
            <Results view={list.view} list={list} calm={settled} go={go} />
          </>
        )}
      </div>
      {view.user === undefined ? null : (
        <UserRegion key={view.user} id={view.user} view={view} go={go} />
      )}
    </Sides>
  );
}

/**
 * The list makes room when the user has appeared, and takes it back when the
 * user has gone: to lay all its rows out again takes longer than to show one.
 */
function Sides({ open, children }: { readonly open: boolean; readonly children: ReactNode }) {
  const [beside, setBeside] = useState(open);
  useEffect(() => {
    return beside === open ? undefined : whenShown(() => setBeside(open));
  }, [beside, open]);
  return (
    <main
      id="main"
      tabIndex={-1}
      className="main"
      data-open={open || undefined}
      data-beside={beside || undefined}
    >
      {children}
    </main>
  );
}

/** A whole id or e-mail address opens its user, once for each search. */
function useOpenExact(
  view: View,
  users: readonly User[],
  go: (view: View, options: { replace: boolean }) => void,
): void {
  const done = useRef<string>(undefined);
  const exact = exactMatch(view, users);
  useEffect(() => {
    if (exact === undefined || done.current === view.query) return;
    done.current = view.query;
    if (view.user === undefined) go({ ...view, user: exact }, { replace: true });
  }, [exact, view, go]);
}

function exactMatch(view: View, users: readonly User[]): string | undefined {
  const intent = interpretSearch(view.query, view.kind);
  if (intent.kind !== "id" && intent.kind !== "email") return undefined;
  const wanted = intent.query.toLowerCase();
  return users.find((user) => user[intent.kind].toLowerCase() === wanted)?.id;
}

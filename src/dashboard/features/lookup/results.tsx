import { useMemo } from "react";
import type { View } from "../../lib/view.ts";
import { filterCount } from "../../lib/view.ts";
import { viewHref } from "../../lib/view-url.ts";
import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { FailurePanel } from "../../ui/failure-panel.tsx";
import { StatePanel } from "../../ui/state-panel.tsx";
import { PAGE_SIZE } from "./list-request.ts";
import { NoMatch } from "./no-match.tsx";
import { ResultsTable } from "./results-table.tsx";
import { Skeleton } from "./skeleton.tsx";
import { useListScroll } from "./use-list-scroll.ts";
import { ROW_HEIGHT_PX, useRowCount } from "./use-row-count.ts";
import type { UserList } from "./use-user-list.ts";

/** What {@link Results} needs. */
export interface ResultsProps {
  readonly view: View;
  readonly list: UserList;
  /** Nobody types: there is time for rows that are not on the screen. */
  readonly calm: boolean;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
}

/** The list in whichever state it is. */
export function Results(props: ResultsProps) {
  const { view, list, go } = props;
  switch (list.state.kind) {
    case "loading":
      return <Skeleton />;
    case "failed":
      return <FailurePanel failure={list.state.failure} onRetry={list.retry} />;
    case "empty":
      return view.query.trim() === "" && filterCount(view) === 0 ? (
        <StatePanel role="status" title={words().noUsers.title} text={words().noUsers.text} />
      ) : (
        <NoMatch view={view} onView={go} />
      );
    case "rows":
      return (
        <>
          <StaleBar list={list} />
          <Rows {...props} />
        </>
      );
  }
}

function Rows({ view, list, calm, go }: ResultsProps) {
  const name = viewHref({ ...view, user: undefined });
  const element = useListScroll(name);
  const count = useRowCount(name, list.users.length, calm);
  const users = useMemo(() => list.users.slice(0, count), [list.users, count]);
  const missing = list.users.length - users.length;
  return (
    <div className="scroll" id="results" tabIndex={-1} ref={element}>
      <ResultsTable view={view} users={users} stale={list.stale} dimmed={list.slow} go={go} />
      {missing === 0 ? null : <div style={{ height: missing * ROW_HEIGHT_PX }} />}
      <More list={list} />
    </div>
  );
}

/** Says that what is shown is old, when the service does not answer. */
function StaleBar({ list }: { readonly list: UserList }) {
  const { time } = useServices();
  if (list.failure === undefined) return null;
  const { stale, staleSearch } = words().failure;
  const text = list.stale ? staleSearch : stale(time.clock(new Date(list.fetchedAt)));
  return (
    <div className="bar warn" role="status">
      <span>{text}</span>
      <button type="button" className="button small" onClick={list.retry}>
        {words().common.tryAgain}
      </button>
    </div>
  );
}

function More({ list }: { readonly list: UserList }) {
  if (!list.hasMore || list.stale) return null;
  const rest = Math.max(1, Math.min(PAGE_SIZE, list.total - list.users.length));
  return (
    <div className="more">
      <button
        type="button"
        className="button"
        aria-disabled={list.loadingMore}
        onClick={list.loadMore}
      >
        {list.loadingMore ? words().results.loadingMore : words().results.more(rest)}
      </button>
    </div>
  );
}

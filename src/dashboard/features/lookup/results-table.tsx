import { memo, useMemo } from "react";
import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { hrefOf } from "../../lib/navigation.ts";
import { searchTerm } from "../../lib/search-intent.ts";
import { viewHref } from "../../lib/view-url.ts";
import { DEFAULT_COLUMNS } from "../../lib/view.ts";
import type { ColumnName, View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { Highlighted } from "../../ui/highlighted.tsx";
import { cellOf } from "./columns.tsx";
import { HeaderCell } from "./header-cell.tsx";

/** What {@link ResultsTable} needs. */
export interface ResultsTableProps {
  /** The view that the rows belong to. */
  readonly view: View;
  readonly users: readonly User[];
  /** The rows are those of an earlier search. */
  readonly stale: boolean;
  /** For so long that people should see it. */
  readonly dimmed: boolean;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
}

/** The results: one native table, sorted by the server. */
export const ResultsTable = memo(function ResultsTable(props: ResultsTableProps) {
  const { view, users, stale, dimmed, go } = props;
  const { results } = words();
  const columns = useMemo(() => view.columns.filter((column) => column !== "name"), [view.columns]);
  const query = searchTerm(view.query);
  const caption = view.sort === undefined ? results.caption : results.captionSorted;
  const open = (id: string) => go({ ...view, user: id }, { replace: view.user !== undefined });
  return (
    <table
      className="results"
      aria-busy={stale}
      data-stale={dimmed || undefined}
      data-usual={view.columns.join() === DEFAULT_COLUMNS.join() || undefined}
    >
      <caption className="sr">{caption(query)}</caption>
      <thead>
        <tr>
          {(["name", ...columns] as const).map((column) => (
            <HeaderCell key={column} column={column} view={view} go={go} />
          ))}
        </tr>
      </thead>
      {/* The keyboard has the link in each row; the rest of the row is only a larger target. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <tbody onClick={(event) => openFromRow(event, open)}>
        {users.map((user) => (
          <Row
            key={user.id}
            user={user}
            query={query}
            columns={columns}
            href={hrefOf(viewHref({ ...view, user: user.id }))}
            open={view.user === user.id}
          />
        ))}
      </tbody>
    </table>
  );
});

const Row = memo(function Row(props: {
  readonly user: User;
  readonly query: string;
  readonly columns: readonly Exclude<ColumnName, "name">[];
  readonly href: string;
  readonly open: boolean;
}) {
  const { user, query, columns, href, open } = props;
  return (
    <tr aria-current={open || undefined}>
      <th scope="row" className="col-name">
        <a href={href} data-row-link={user.id}>
          {user.name === "" ? (
            words().results.unnamed
          ) : (
            <Highlighted text={user.name} query={query} />
          )}
        </a>
        <span className="under-name">
          <Highlighted text={user.email} query={query} />
        </span>
      </th>
      {columns.map((column) => (
        <td key={column} className={`col-${column}`}>
          {cellOf(column, user, query)}
        </td>
      ))}
    </tr>
  );
});

/** The whole row opens the user, but selecting text and new tabs stay possible. */
function openFromRow(event: React.MouseEvent, open: (id: string) => void): void {
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (modified || (getSelection()?.toString() ?? "") !== "") return;
  const row = event.target instanceof Element ? event.target.closest("tr") : null;
  const id = row?.querySelector<HTMLElement>("[data-row-link]")?.dataset["rowLink"];
  if (id === undefined) return;
  event.preventDefault();
  open(id);
}

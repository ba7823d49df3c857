import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { hrefOf } from "../../lib/navigation.ts";
import { viewHref } from "../../lib/view-url.ts";
import type { ColumnName, View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { Highlighted } from "../../ui/highlighted.tsx";
import { Icon } from "../../ui/icon.tsx";
import { cellOf, sortFieldOf } from "./columns.tsx";

/** What {@link ResultsTable} needs. */
export interface ResultsTableProps {
  readonly view: View;
  readonly users: readonly User[];
  /** The rows belong to an earlier search. */
  readonly stale: boolean;
  readonly onView: (view: View) => void;
  readonly onOpen: (user: User) => void;
}

/** The results: one native table, sorted by the server. */
export function ResultsTable({ view, users, stale, onView, onOpen }: ResultsTableProps) {
  const { results } = words();
  const columns = view.columns.filter((column) => column !== "name");
  const caption = view.sort === undefined ? results.caption : results.captionSorted;
  return (
    <table className="results" aria-busy={stale} data-stale={stale || undefined}>
      <caption className="sr">{caption(view.query.trim())}</caption>
      <thead>
        <tr>
          {(["name", ...columns] as const).map((column) => (
            <HeaderCell key={column} column={column} view={view} onView={onView} />
          ))}
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <Row key={user.id} user={user} view={view} columns={columns} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
}

function HeaderCell(props: {
  readonly column: ColumnName;
  readonly view: View;
  readonly onView: (view: View) => void;
}) {
  const { column, view, onView } = props;
  const field = sortFieldOf(column);
  const title = words().columns[column];
  if (field === undefined) {
    return (
      <th scope="col" className={`col-${column}`}>
        {title}
      </th>
    );
  }
  const sort = view.sort?.field === field ? view.sort : undefined;
  const order = sort === undefined ? "none" : sort.descending ? "descending" : "ascending";
  return (
    <th scope="col" className={`col-${column}`} aria-sort={order}>
      <button
        type="button"
        className="sort"
        title={words().results.sortBy(title)}
        onClick={() => onView({ ...view, sort: nextSort(view, field) })}
      >
        {title}
        {sort === undefined ? null : <Icon name={sort.descending ? "down" : "up"} />}
      </button>
    </th>
  );
}

/** Up, down, and back to the server's own order. */
function nextSort(view: View, field: NonNullable<View["sort"]>["field"]): View["sort"] {
  if (view.sort?.field !== field) return { field, descending: false };
  return view.sort.descending ? undefined : { field, descending: true };
}

function Row(props: {
  readonly user: User;
  readonly view: View;
  readonly columns: readonly Exclude<ColumnName, "name">[];
  readonly onOpen: (user: User) => void;
}) {
  const { user, view, columns, onOpen } = props;
  const open = view.user === user.id;
  return (
    <tr
      aria-current={open || undefined}
      onClick={(event) => openFromRow(event, () => onOpen(user))}
    >
      <th scope="row" className="col-name">
        <a href={hrefOf(viewHref({ ...view, user: user.id }))} data-row-link={user.id}>
          {user.name === "" ? (
            words().results.unnamed
          ) : (
            <Highlighted text={user.name} query={view.query} />
          )}
        </a>
        <span className="under-name">
          <Highlighted text={user.email} query={view.query} />
        </span>
      </th>
      {columns.map((column) => (
        <td key={column} className={`col-${column}`}>
          {cellOf(column, user, view.query)}
        </td>
      ))}
    </tr>
  );
}

/** The whole row opens the user, but selecting text and new tabs stay possible. */
function openFromRow(event: React.MouseEvent, open: () => void): void {
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (modified || (getSelection()?.toString() ?? "") !== "") return;
  event.preventDefault();
  open();
}

import type { ColumnName, SortField, View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { Icon } from "../../ui/icon.tsx";
import { sortFieldOf } from "./columns.tsx";

/** The head of a column, which sorts by it if the server can. */
export function HeaderCell(props: {
  readonly column: ColumnName;
  readonly view: View;
  readonly go: (view: View) => void;
}) {
  const { column, view, go } = props;
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
        onClick={() => go({ ...view, sort: nextSort(view, field) })}
      >
        {title}
        {sort === undefined ? null : <Icon name={sort.descending ? "down" : "up"} />}
      </button>
    </th>
  );
}

/** Up, down, and back to the server's own order. */
function nextSort(view: View, field: SortField): View["sort"] {
  if (view.sort?.field !== field) return { field, descending: false };
  return view.sort.descending ? undefined : { field, descending: true };
}

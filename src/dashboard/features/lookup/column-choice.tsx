import { COLUMN_NAMES, DEFAULT_COLUMNS } from "../../lib/view.ts";
import type { ColumnName, View } from "../../lib/view.ts";
import { useServices } from "../../services.ts";
import { words } from "../../messages/messages.ts";
import { Disclosure } from "../../ui/disclosure.tsx";

/** Which columns the table shows. The name always stays: it opens the user. */
export function ColumnChoice(props: {
  readonly view: View;
  readonly onView: (view: View) => void;
}) {
  const { view, onView } = props;
  const { filters, columns } = words();
  const { preferences } = useServices();
  const choose = (chosen: readonly ColumnName[]) => {
    preferences.set({ columns: chosen });
    onView({ ...view, columns: chosen });
  };
  const toggled = (column: ColumnName) =>
    COLUMN_NAMES.filter((name) =>
      name === column ? !view.columns.includes(name) : view.columns.includes(name),
    );
  return (
    <Disclosure className="button small columns-start" label={filters.columns}>
      {() => (
        <div className="menu menu-right">
          <fieldset className="choices">
            <legend className="sr">{filters.columns}</legend>
            {COLUMN_NAMES.filter((column) => column !== "name").map((column) => (
              <label key={column}>
                <input
                  type="checkbox"
                  checked={view.columns.includes(column)}
                  onChange={() => choose(toggled(column))}
                />
                {columns[column]}
              </label>
            ))}
          </fieldset>
          <button type="button" className="quiet" onClick={() => choose(DEFAULT_COLUMNS)}>
            {filters.resetColumns}
          </button>
        </div>
      )}
    </Disclosure>
  );
}

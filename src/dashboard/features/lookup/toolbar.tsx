import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { View } from "../../lib/view.ts";
import { whenIdle } from "../../lib/when-idle.ts";
import { words } from "../../messages/messages.ts";
import { Disclosure } from "../../ui/disclosure.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useCommands } from "../commands/use-commands.ts";
import { ColumnChoice } from "./column-choice.tsx";
import { CreatedPanel, RolePanel, SignInPanel, StatusPanel } from "./filter-panels.tsx";
import { createdValue, signInValue, statusValue } from "./filter-words.ts";
import type { UserList } from "./use-user-list.ts";

/** What {@link Toolbar} needs. */
export interface ToolbarProps {
  readonly view: View;
  readonly list: UserList;
  readonly onView: (view: View) => void;
  /** Undefined while an export runs: one at a time. */
  readonly onExport: ((view: View) => void) | undefined;
}

/** The filters, how many users match, the columns and the export. */
export function Toolbar({ view, list, onView, onExport }: ToolbarProps) {
  const ready = list.state.kind === "rows" && onExport !== undefined;
  const exportList = ready ? () => onExport(view) : undefined;
  useCommands({ "export-csv": exportList });
  return (
    <div className="tools" role="group" aria-label={words().filters.region}>
      <FilterChips view={view} list={list} onView={onView} />
      <Count view={view} list={list} />
      <ColumnChoice view={view} onView={onView} />
      <button
        type="button"
        className="button small export-start"
        disabled={exportList === undefined}
        onClick={exportList}
      >
        {words().filters.exportCsv}
      </button>
    </div>
  );
}

function FilterChips({ view, list, onView }: Omit<ToolbarProps, "onExport">) {
  const { filters } = words();
  const signIn = view.signIn === undefined ? undefined : signInValue(view.signIn);
  const roles = view.roles.length === 0 ? undefined : view.roles.join(", ");
  return (
    <>
      <Chip
        label={filters.status}
        value={statusValue(view)}
        onClear={() => onView({ ...view, statuses: [] })}
      >
        <StatusPanel view={view} onView={onView} />
      </Chip>
      <Chip label={filters.role} value={roles} onClear={() => onView({ ...view, roles: [] })}>
        <RolePanel view={view} users={list.users} onView={onView} />
      </Chip>
      <Chip
        label={filters.created}
        value={createdValue(view)}
        onClear={() => onView({ ...view, createdFrom: undefined, createdTo: undefined })}
      >
        <CreatedPanel view={view} onView={onView} />
      </Chip>
      <Chip
        label={filters.signIn}
        value={signIn}
        onClear={() => onView({ ...view, signIn: undefined })}
      >
        <SignInPanel view={view} onView={onView} />
      </Chip>
    </>
  );
}

function Chip(props: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onClear: () => void;
  readonly children: ReactNode;
}) {
  const { label, value, onClear, children } = props;
  const title = value === undefined ? label : words().filters.value(label, value);
  return (
    <span className={value === undefined ? "filter" : "filter on"}>
      <Disclosure
        className="chip"
        name={title}
        label={
          <>
            <span className="chip-text">{title}</span> <Icon name="down" />
          </>
        }
      >
        {() => <div className="menu">{children}</div>}
      </Disclosure>
      {value === undefined ? null : (
        <button
          type="button"
          className="chip-clear"
          aria-label={words().filters.clear(title)}
          onClick={onClear}
        >
          <Icon name="close" />
        </button>
      )}
    </span>
  );
}

function Count({ view, list }: { readonly view: View; readonly list: UserList }) {
  const { results } = words();
  const [isThere, setIsThere] = useState(false);
  // A live region that comes with its text would not be read out.
  useEffect(() => whenIdle(() => setIsThere(true)), []);
  const searched = view.query.trim() !== "";
  let text = "";
  if (!isThere || list.failure !== undefined) text = "";
  else if (list.slow) text = results.refreshing;
  else if (list.state.kind === "rows") {
    const count = results.count(list.total, list.totalEstimated, searched);
    text = searched && view.sort === undefined ? `${count}, ${results.bestFirst}` : count;
  }
  return (
    <span className="count" role="status">
      {text}
    </span>
  );
}

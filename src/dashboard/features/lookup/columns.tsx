import type { ReactNode } from "react";
import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import type { ColumnName, SortField } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Highlighted } from "../../ui/highlighted.tsx";
import { Roles, StatusBadge } from "../../ui/status-badge.tsx";
import { RelativeTime } from "../../ui/time.tsx";

/** One column of the result table. The name column is drawn by the row itself. */
export interface Column {
  readonly name: Exclude<ColumnName, "name">;
  readonly cell: (user: User, query: string) => ReactNode;
}

const MAX_ROLES = 2;

const CELLS: Readonly<Record<Column["name"], Column["cell"]>> = {
  id: (user, query) => (
    <span className="id-cell">
      <span className="mono" title={user.id}>
        <Highlighted text={user.id} query={query} />
      </span>
      <CopyButton text={user.id} what={`${words().columns.id} ${user.id}`} />
    </span>
  ),
  email: (user, query) => <Highlighted text={user.email} query={query} />,
  status: (user) => <StatusBadge status={user.status} />,
  roles: (user) => <Roles roles={user.roles} max={MAX_ROLES} />,
  locale: (user) => user.locale,
  created: (user) => <RelativeTime time={user.createTime} />,
  "signed-in": (user) => <RelativeTime time={user.lastSignInTime} />,
};

/** What stands in a cell. */
export function cellOf(column: Column["name"], user: User, query: string): ReactNode {
  return CELLS[column](user, query);
}

/** The field that a column is sorted by, if the server can. */
export function sortFieldOf(column: ColumnName): SortField | undefined {
  switch (column) {
    case "name":
    case "email":
    case "created":
    case "signed-in":
      return column;
    default:
      return undefined;
  }
}

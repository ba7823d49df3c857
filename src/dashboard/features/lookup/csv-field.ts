import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { dateOf } from "../../lib/time-format.ts";
import type { ColumnName } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { statusName } from "../user/status-name.ts";

/** What stands in a file for a column of a user. Times are ISO 8601 in UTC; empty means never. */
export function csvFieldOf(user: User, column: ColumnName): string {
  switch (column) {
    case "id":
    case "name":
    case "email":
    case "locale":
      return user[column];
    case "status":
      return words().status[statusName(user.status)];
    case "roles":
      return user.roles.join(" ");
    case "created":
      return user.createTime === undefined ? "" : dateOf(user.createTime).toISOString();
    case "signed-in":
      return user.lastSignInTime === undefined ? "" : dateOf(user.lastSignInTime).toISOString();
  }
}

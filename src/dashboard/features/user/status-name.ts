import { UserStatus } from "../../../gen/user/v1/user_service_pb.ts";
import type { StatusName } from "../../lib/view.ts";

/** The name of a status; `unknown` for one that this build does not know. */
export function statusName(status: UserStatus): StatusName | "unknown" {
  switch (status) {
    case UserStatus.ACTIVE:
      return "active";
    case UserStatus.SUSPENDED:
      return "suspended";
    case UserStatus.LOCKED:
      return "locked";
    case UserStatus.DELETED:
      return "deleted";
    default:
      return "unknown";
  }
}

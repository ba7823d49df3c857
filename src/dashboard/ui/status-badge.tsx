import type { UserStatus } from "../../gen/user/v1/user_service_pb.ts";
import { statusName } from "../features/user/status-name.ts";
import { words } from "../messages/messages.ts";

/** Whether a person may sign in: a word, and a dot that repeats it in colour. */
export function StatusBadge({ status }: { readonly status: UserStatus }) {
  const name = statusName(status);
  return (
    <span className={`status status-${name}`}>
      <span>{words().status[name]}</span>
    </span>
  );
}

/** The roles of a person, each in a pill. */
export function Roles({ roles }: { readonly roles: readonly string[] }) {
  if (roles.length === 0) return <span className="muted">{words().common.none}</span>;
  return (
    <span className="roles">
      {roles.map((role) => (
        <span className="role" key={role}>
          {role}
        </span>
      ))}
    </span>
  );
}

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

/** The roles of a person, each in a pill; beyond `max`, how many more there are. */
export function Roles(props: { readonly roles: readonly string[]; readonly max?: number }) {
  const { roles, max = roles.length } = props;
  const rest = roles.slice(max);
  if (roles.length === 0) return <span className="muted">{words().common.none}</span>;
  return (
    <span className="roles">
      {roles.slice(0, max).map((role) => (
        <span className="role" key={role}>
          {role}
        </span>
      ))}
      {rest.length === 0 ? null : (
        <span className="role" title={rest.join(", ")}>
          {words().common.more(rest.length)}
        </span>
      )}
    </span>
  );
}

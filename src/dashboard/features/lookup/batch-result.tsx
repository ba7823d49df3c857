import type { BatchGetUsersResponse, User } from "../../../gen/user/v1/user_service_pb.ts";
import { goTo, hrefOf } from "../../lib/navigation.ts";
import { userPath } from "../../lib/view-url.ts";
import { words } from "../../messages/messages.ts";
import { useCopy } from "../../ui/copy-button.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";

/** What {@link BatchResult} needs. */
export interface BatchResultProps {
  readonly asked: readonly string[];
  readonly response: BatchGetUsersResponse;
}

/** Who was found and who is missing. */
export function BatchResult({ asked, response }: BatchResultProps) {
  const text = words().batch;
  const { users, notFound } = response;
  const [, copy] = useCopy(text.missing);
  return (
    <section className="batch-result">
      <div className="tools">
        <span role="status">{text.summary(asked.length, users.length, notFound.length)}</span>
        {notFound.length === 0 ? null : (
          <button type="button" className="button small" onClick={() => copy(notFound.join("\n"))}>
            {text.copyMissing}
          </button>
        )}
      </div>
      <table className="results">
        <caption className="sr">{text.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words().columns.name}</th>
            <th scope="col">{text.key}</th>
            <th scope="col">{words().columns.status}</th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <FoundRow key={user.id} user={user} />
          ))}
          {notFound.map((key) => (
            <tr key={key}>
              <th scope="row" className="muted">
                {text.missing}
              </th>
              <td className="mono">{key}</td>
              <td className="muted">{words().common.blank}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function FoundRow({ user }: { readonly user: User }) {
  return (
    <tr>
      <th scope="row" className="col-name">
        <a
          href={hrefOf(userPath(user.id))}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            goTo(userPath(user.id));
          }}
        >
          {user.name}
        </a>
      </th>
      <td className="mono">{user.id}</td>
      <td>
        <StatusBadge status={user.status} />
      </td>
    </tr>
  );
}

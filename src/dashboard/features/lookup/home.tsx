import { createConnectQueryKey, useQuery, useTransport } from "@connectrpc/connect-query";
import { useQueryClient } from "@tanstack/react-query";
import { UserService } from "../../../gen/user/v1/user_service_pb.ts";
import { goTo, linkTo } from "../../lib/navigation.ts";
import { userPath } from "../../lib/view-url.ts";
import type { View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { describeFailure } from "../../rpc/failure.ts";
import { askAgain } from "../../rpc/query-client.ts";
import { useServices, useStore } from "../../services.ts";
import { FailurePanel } from "../../ui/failure-panel.tsx";
import { StatePanel } from "../../ui/state-panel.tsx";

const schema = UserService.method.listUsers;
// Only the number of users is shown.
const input = { pageSize: 1 };

/** Nothing searched yet: what can be pasted, who was opened last, how many there are. */
export function Home(props: { readonly view: View; readonly onView: (view: View) => void }) {
  const { view, onView } = props;
  const client = useQueryClient();
  const transport = useTransport();
  const query = useQuery(schema, input);
  const reason = query.error ?? query.failureReason;
  if (reason !== null && query.data === undefined) {
    const queryKey = createConnectQueryKey({ schema, input, transport, cardinality: "finite" });
    const retry = () => askAgain(client, queryKey, query);
    return <FailurePanel failure={describeFailure(reason)} onRetry={retry} />;
  }
  if (query.data?.totalSize === 0n) {
    return <StatePanel role="status" title={words().noUsers.title} text={words().noUsers.text} />;
  }
  const text = words().home;
  const users =
    query.data === undefined
      ? "…"
      : text.users(Number(query.data.totalSize), query.data.totalSizeEstimated);
  return (
    <StatePanel icon="search" title={text.title} text={<p>{text.text}</p>}>
      <button
        type="button"
        className="button"
        onClick={() => onView({ ...view, searched: true, query: "" })}
      >
        {text.browse(users)}
      </button>
      <button type="button" className="button" onClick={() => goTo("/many")}>
        {text.many}
      </button>
      <RecentUsers />
    </StatePanel>
  );
}

function RecentUsers() {
  const { recents } = useServices();
  const ids = useStore(recents, recents.get);
  if (ids.length === 0) return null;
  return (
    <section className="recents" aria-label={words().home.recents}>
      <h3>{words().home.recents}</h3>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <a className="chip mono" {...linkTo(userPath(id))}>
              {id}
            </a>
          </li>
        ))}
      </ul>
      <button type="button" className="quiet" onClick={recents.clear}>
        {words().home.clearRecents}
      </button>
    </section>
  );
}

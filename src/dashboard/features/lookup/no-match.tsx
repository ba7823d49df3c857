import { useQuery } from "@connectrpc/connect-query";
import { UserService } from "../../../gen/user/v1/user_service_pb.ts";
import { searchTerm } from "../../lib/search-intent.ts";
import type { View } from "../../lib/view.ts";
import { withoutFilters } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { StatePanel } from "../../ui/state-panel.tsx";
import { activeFilters } from "./filter-words.ts";
import { listRequest } from "./list-request.ts";

/** Nobody matches: says what was searched, and offers to drop a filter. */
export function NoMatch(props: { readonly view: View; readonly onView: (view: View) => void }) {
  const { view, onView } = props;
  const text = words().noMatch;
  const query = searchTerm(view.query);
  const filters = activeFilters(view);
  const filtered = filters.length > 0;
  return (
    <StatePanel
      role="status"
      icon="search"
      title={filtered ? text.titleFiltered(query) : text.title(query)}
      text={filtered ? <WithoutFilters view={view} /> : <p>{text.searched[view.kind]}</p>}
    >
      {view.kind === "auto" ? null : (
        <button type="button" className="button" onClick={() => onView({ ...view, kind: "auto" })}>
          {text.everywhere}
        </button>
      )}
      {filters.map(({ label, value, without }) => (
        <button key={label} type="button" className="button" onClick={() => onView(without)}>
          {text.drop(words().filters.value(label, value))}
        </button>
      ))}
      {filters.length > 1 ? (
        <button type="button" className="button" onClick={() => onView(withoutFilters(view))}>
          {words().filters.clearAll}
        </button>
      ) : null}
    </StatePanel>
  );
}

function WithoutFilters({ view }: { readonly view: View }) {
  const request = { ...listRequest(withoutFilters(view), new Date(0)), pageSize: 1 };
  const { data } = useQuery(UserService.method.listUsers, request);
  if (data === undefined) return <p>{words().noMatch.searched[view.kind]}</p>;
  return <p>{words().noMatch.withoutFilters(Number(data.totalSize), data.totalSizeEstimated)}</p>;
}

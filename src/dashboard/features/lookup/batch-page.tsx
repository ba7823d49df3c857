import { useQuery } from "@connectrpc/connect-query";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useHistoryState } from "wouter/use-browser-location";
import { UserService } from "../../../gen/user/v1/user_service_pb.ts";
import { goTo } from "../../lib/navigation.ts";
import { MAX_BATCH_KEYS, linesOf } from "../../lib/search-intent.ts";
import { words } from "../../messages/messages.ts";
import { describeFailure } from "../../rpc/failure.ts";
import { FailurePanel } from "../../ui/failure-panel.tsx";
import { BatchResult } from "./batch-result.tsx";
import { Skeleton } from "./skeleton.tsx";

/** Many ids and e-mail addresses, looked up at once. */
export function BatchPage() {
  const keys = keysOf(useHistoryState<unknown>());
  const text = words().batch;
  const client = useQueryClient();
  const asked = keys.slice(0, MAX_BATCH_KEYS);
  const query = useQuery(
    UserService.method.batchGetUsers,
    { keys: asked },
    { enabled: asked.length > 0 },
  );
  const reason = query.error ?? query.failureReason;
  return (
    <main id="main" tabIndex={-1} className="batch">
      <h2>{text.title}</h2>
      <BatchForm key={keys.join("\n")} keys={keys} />
      {keys.length > MAX_BATCH_KEYS ? <p role="status">{text.tooMany(MAX_BATCH_KEYS)}</p> : null}
      {query.data !== undefined ? (
        <BatchResult asked={asked} response={query.data} />
      ) : reason !== null ? (
        <FailurePanel
          failure={describeFailure(reason)}
          onRetry={() => void client.cancelQueries().then(() => query.refetch())}
        />
      ) : query.isFetching ? (
        <Skeleton />
      ) : null}
    </main>
  );
}

function BatchForm({ keys }: { readonly keys: readonly string[] }) {
  const [typed, setTyped] = useState(keys.join("\n"));
  const text = words().batch;
  return (
    <form
      className="batch-form"
      onSubmit={(event) => {
        event.preventDefault();
        goTo("/many", { replace: true, state: { keys: linesOf(typed) } });
      }}
    >
      <label>
        <span>{text.keys}</span>
        <textarea
          rows={8}
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <button type="submit" className="button primary">
        {text.lookUp}
      </button>
    </form>
  );
}

/** The list lives in this tab's history: too long, and too personal, for an address. */
function keysOf(state: unknown): readonly string[] {
  if (typeof state !== "object" || state === null || !("keys" in state)) return [];
  return Array.isArray(state.keys) ? state.keys.filter((key) => typeof key === "string") : [];
}

import { useState } from "react";
import { useHistoryState } from "wouter/use-browser-location";
import { goTo } from "../../lib/navigation.ts";
import { keysOf } from "../../lib/search-intent.ts";
import { words } from "../../messages/messages.ts";
import { FailurePanel } from "../../ui/failure-panel.tsx";
import { BatchResult } from "./batch-result.tsx";
import { Skeleton } from "./skeleton.tsx";
import { useBatch } from "./use-batch.ts";

/** Many ids and e-mail addresses, looked up at once. */
export function BatchPage() {
  const keys = keysIn(useHistoryState<unknown>());
  const { lines, failure, loading, retry } = useBatch(keys);
  return (
    <main id="main" tabIndex={-1} className="batch">
      <h2>{words().batch.title}</h2>
      <BatchForm key={keys.join("\n")} keys={keys} />
      {lines !== undefined ? (
        <BatchResult lines={lines} />
      ) : failure !== undefined ? (
        <FailurePanel failure={failure} onRetry={retry} />
      ) : loading ? (
        <Skeleton />
      ) : null}
    </main>
  );
}

function BatchForm({ keys }: { readonly keys: readonly string[] }) {
  const [typed, setTyped] = useState(keys.join("\n"));
  const text = words().batch;
  const lookUp = () => goTo("/many", { replace: true, state: { keys: keysOf(typed) } });
  return (
    <form
      className="batch-form"
      onSubmit={(event) => {
        event.preventDefault();
        lookUp();
      }}
    >
      <label>
        <span>{text.keys}</span>
        <textarea
          rows={Math.min(Math.max(keys.length + 1, 4), 12)}
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) lookUp();
          }}
        />
      </label>
      <button type="submit" className="button primary">
        {text.lookUp}
      </button>
    </form>
  );
}

/** The list lives in this tab's history: too long, and too personal, for an address. */
function keysIn(state: unknown): readonly string[] {
  if (typeof state !== "object" || state === null || !("keys" in state)) return [];
  return Array.isArray(state.keys) ? state.keys.filter((key) => typeof key === "string") : [];
}

import { useEffect, useState } from "react";
import { countdown } from "../../lib/time-format.ts";
import type { View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { announce } from "../../ui/announcer.ts";
import { Icon } from "../../ui/icon.tsx";
import type { ExportProgress } from "./export-users.ts";
import { useExport } from "./use-export.ts";
import type { ExportState } from "./use-export.ts";

/** What {@link ExportCard} needs. */
export interface ExportCardProps {
  readonly view: View;
  readonly onClose: () => void;
}

/** Saves the whole list of a view as CSV and shows how far it is, while the person goes on working. */
export function ExportCard(props: ExportCardProps) {
  const [attempt, setAttempt] = useState(0);
  return <Attempt key={attempt} {...props} onRetry={() => setAttempt(attempt + 1)} />;
}

function Attempt({ view, onClose, onRetry }: ExportCardProps & { readonly onRetry: () => void }) {
  const state = useExport(view);
  const { exporting, common } = words();
  const busy = state.kind === "running" || state.kind === "waiting";
  const text = stateWords(state);
  useEffect(() => {
    if (!busy) announce(text);
  }, [busy, text]);
  return (
    <section className="export-card" aria-label={exporting.title}>
      {busy ? (
        <progress
          aria-label={exporting.title}
          value={state.progress?.done}
          max={state.progress?.total}
        />
      ) : null}
      <p className={state.kind === "failed" ? "problem" : undefined}>{text}</p>
      {state.kind === "failed" ? (
        <button type="button" className="button small" onClick={onRetry}>
          {common.tryAgain}
        </button>
      ) : null}
      {busy ? (
        <button type="button" className="button small" onClick={onClose}>
          {common.cancel}
        </button>
      ) : (
        <button
          type="button"
          className="icon-button"
          aria-label={exporting.close}
          title={exporting.close}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      )}
    </section>
  );
}

function stateWords(state: ExportState): string {
  const { exporting, failure } = words();
  switch (state.kind) {
    case "running":
      return state.progress === undefined ? exporting.starting : progressWords(state.progress);
    case "waiting":
      return exporting.waiting;
    case "failed":
      return exporting.failed(failure[state.failure.kind].title);
    case "done":
      return exporting.done(state.count, state.file);
  }
}

function progressWords({ done, total, totalEstimated, remainingMs }: ExportProgress): string {
  const { exporting, home } = words();
  const text = exporting.progress(done, home.users(total, totalEstimated));
  return remainingMs === undefined ? text : `${text}, ${exporting.left(countdown(remainingMs))}`;
}

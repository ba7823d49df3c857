import { callUnaryMethod, useTransport } from "@connectrpc/connect-query";
import { useRef, useState } from "react";
import { UserService } from "../../../gen/user/v1/user_service_pb.ts";
import { countdown } from "../../lib/time-format.ts";
import type { View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { announce } from "../../ui/announcer.ts";
import { useCommands } from "../commands/use-commands.ts";
import { exportUsers } from "./export-users.ts";
import type { ExportProgress } from "./export-users.ts";
import { listRequest } from "./list-request.ts";
import type { UserList } from "./use-user-list.ts";

/** Saves the whole current list as CSV, and shows how far it is. */
export function ExportButton({ view, list }: { readonly view: View; readonly list: UserList }) {
  const { progress, problem, start, cancel } = useExport(view);
  const { filters, exporting, common } = words();
  const ready = list.state.kind === "rows" && !list.stale;
  useCommands({ "export-csv": ready && progress === undefined ? start : undefined });
  if (progress !== undefined) {
    return (
      <span className="export" role="status">
        <progress value={progress.done} max={progress.total} aria-label={filters.exportCsv} />
        <span className="small">{progressWords(progress)}</span>
        <button type="button" className="button small" onClick={cancel}>
          {common.cancel}
        </button>
      </span>
    );
  }
  return (
    <>
      {problem ? (
        <span className="small problem" role="alert">
          {exporting.failed}
        </span>
      ) : null}
      <button type="button" className="button small export-start" disabled={!ready} onClick={start}>
        {filters.exportCsv}
      </button>
    </>
  );
}

function progressWords({ done, total, totalEstimated, remainingMs }: ExportProgress): string {
  const { exporting, home } = words();
  const text = exporting.progress(done, home.users(total, totalEstimated));
  return remainingMs === undefined ? text : `${text}, ${exporting.left(countdown(remainingMs))}`;
}

function useExport(view: View) {
  const transport = useTransport();
  const [progress, setProgress] = useState<ExportProgress>();
  const [problem, setProblem] = useState(false);
  const controller = useRef<AbortController>(undefined);
  const run = async (signal: AbortSignal): Promise<void> => {
    const pieces: string[] = [];
    const list = exportUsers({
      request: listRequest(view, new Date()),
      columns: view.columns,
      fetchPage: (request, pageSignal) =>
        callUnaryMethod(transport, UserService.method.listUsers, request, { signal: pageSignal }),
      signal,
      now: () => performance.now(),
      onProgress: setProgress,
    });
    let step = await list.next();
    for (; step.done !== true; step = await list.next()) pieces.push(step.value);
    save(new Blob(pieces, { type: "text/csv;charset=utf-8" }));
    announce(words().exporting.done(step.value));
  };
  const start = () => {
    controller.current = new AbortController();
    const { signal } = controller.current;
    setProblem(false);
    setProgress({ done: 0, total: 1, totalEstimated: false, remainingMs: undefined });
    run(signal)
      .catch(() => setProblem(!signal.aborted))
      .finally(() => setProgress(undefined));
  };
  return { progress, problem, start, cancel: () => controller.current?.abort() };
}

function save(file: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `users-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

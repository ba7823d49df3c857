import { callUnaryMethod, useTransport } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { useEffect, useState } from "react";
import { UserService } from "../../../gen/user/v1/user_service_pb.ts";
import type { View } from "../../lib/view.ts";
import { describeFailure } from "../../rpc/failure.ts";
import type { Failure } from "../../rpc/failure.ts";
import { pageClock } from "../../rpc/page.ts";
import { retryDelayMs } from "../../rpc/query-client.ts";
import { exportUsers } from "./export-users.ts";
import type { ExportProgress } from "./export-users.ts";
import { listRequest } from "./list-request.ts";
import { saveCsv } from "./save-csv.ts";

/** What is known of an export. */
export type ExportState =
  | { readonly kind: "running"; readonly progress: ExportProgress | undefined }
  /** It goes on by itself: the service does not answer at the moment. */
  | { readonly kind: "waiting"; readonly progress: ExportProgress | undefined }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "done"; readonly count: number; readonly file: string };

/** Exports the list of `view` for as long as the component is there. */
export function useExport(view: View): ExportState {
  const transport = useTransport();
  const [state, setState] = useState<ExportState>({ kind: "running", progress: undefined });
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    run(transport, view, signal, setState).catch((reason: unknown) => {
      if (!signal.aborted) setState({ kind: "failed", failure: describeFailure(reason) });
    });
    return () => controller.abort();
  }, [transport, view]);
  return state;
}

async function run(
  transport: Transport,
  view: View,
  signal: AbortSignal,
  onState: (state: ExportState) => void,
): Promise<void> {
  let progress: ExportProgress | undefined;
  const pages = exportUsers({
    request: listRequest(view, new Date()),
    columns: view.columns,
    fetchPage: (request, pageSignal) =>
      callUnaryMethod(transport, UserService.method.listUsers, request, { signal: pageSignal }),
    beforeRetry: (reason, failures, retrySignal) => {
      if (!describeFailure(reason).transient) throw reason;
      onState({ kind: "waiting", progress });
      return pause(retryDelayMs(failures), retrySignal);
    },
    signal,
    now: () => performance.now(),
    onProgress: (step) => onState({ kind: "running", progress: (progress = step) }),
  });
  const parts: Blob[] = [];
  // The browser may keep a blob on disk; as text it would stay in the memory of the page.
  let step = await pages.next();
  for (; step.done !== true; step = await pages.next()) parts.push(new Blob([step.value]));
  signal.throwIfAborted();
  onState({ kind: "done", count: step.value, file: saveCsv("users", parts) });
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = pageClock.after(delayMs, resolve);
    signal.addEventListener("abort", () => {
      cancel();
      resolve();
    });
  });
}

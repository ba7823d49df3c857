import type { CallRecord } from "../../rpc/call-journal.ts";

/** A piece of a call's time, in per cent of the whole. */
export interface TimingBar {
  readonly from: number;
  readonly width: number;
  /** On the wire; otherwise waiting, for a token or between attempts. */
  readonly wire: boolean;
}

/** How a call spent its time. `nowMs` (epoch milliseconds) counts while it runs. */
export function timingOf(
  call: Pick<CallRecord, "attempts" | "durationMs" | "startedAt">,
  nowMs: number,
): {
  readonly bars: readonly TimingBar[];
  readonly totalMs: number;
  readonly waitMs: number;
  readonly wireMs: number;
} {
  const totalMs = Math.max(0, Math.round(call.durationMs ?? nowMs - call.startedAt));
  const scale = Math.max(1, totalMs);
  const bars: TimingBar[] = [];
  let at = 0;
  let wireMs = 0;
  for (const { fromMs, toMs = totalMs } of call.attempts) {
    if (fromMs > at) bars.push(bar(at, fromMs, scale, false));
    if (toMs > fromMs) bars.push(bar(fromMs, toMs, scale, true));
    wireMs += toMs - fromMs;
    at = Math.max(at, toMs);
  }
  if (totalMs > at) bars.push(bar(at, totalMs, scale, false));
  return {
    bars,
    totalMs,
    waitMs: Math.max(0, Math.round(totalMs - wireMs)),
    wireMs: Math.max(0, Math.round(wireMs)),
  };
}

function bar(fromMs: number, toMs: number, totalMs: number, wire: boolean): TimingBar {
  return { from: (fromMs / totalMs) * 100, width: ((toMs - fromMs) / totalMs) * 100, wire };
}

import type { CallRecord } from "../../rpc/call-journal.ts";

/** A piece of a call's time, in per cent of the whole. */
export interface TimingBar {
  readonly from: number;
  readonly width: number;
  /** On the wire; otherwise waiting, for a token or between attempts. */
  readonly wire: boolean;
}

/** How a call spent its time. */
export function timingOf(call: Pick<CallRecord, "attempts" | "durationMs">): {
  readonly bars: readonly TimingBar[];
  readonly waitMs: number;
  readonly wireMs: number;
} {
  const last = call.attempts.at(-1);
  const total = Math.max(1, call.durationMs ?? last?.toMs ?? last?.fromMs ?? 0);
  const bars: TimingBar[] = [];
  let at = 0;
  let wireMs = 0;
  for (const { fromMs, toMs = total } of call.attempts) {
    if (fromMs > at) bars.push(bar(at, fromMs, total, false));
    if (toMs > fromMs) bars.push(bar(fromMs, toMs, total, true));
    wireMs += toMs - fromMs;
    at = Math.max(at, toMs);
  }
  const whole = call.durationMs ?? at;
  return { bars, waitMs: Math.max(0, Math.round(whole - wireMs)), wireMs: Math.round(wireMs) };
}

function bar(fromMs: number, toMs: number, totalMs: number, wire: boolean): TimingBar {
  return { from: (fromMs / totalMs) * 100, width: ((toMs - fromMs) / totalMs) * 100, wire };
}

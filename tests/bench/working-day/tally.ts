import type { CallOutcome } from "./api.ts";
import { reconnectMs } from "./day.ts";
import type { Day, Span } from "./day.ts";

/** What a day was like for the person at the browser. */
export interface DayFigures {
  readonly calls: number;
  readonly failedCalls: number;
  /** Those that failed although a valid token could be had. */
  readonly avoidableFailures: number;
  /** Those that waited for a token, by more than 5 ms. */
  readonly waitingCalls: number;
  readonly tokenRequests: number;
  /** How often the person had to sign in again. */
  readonly signOuts: number;
  /** The longest time that a tab got no answer although issuer and network worked, in seconds. */
  readonly longestGapSeconds: number;
}

/** Counts the calls of a day, by what could have been. */
export interface Tally {
  /** Takes a call into account; whether it was an avoidable failure. */
  add(tab: number, outcome: CallOutcome, heldUntil: number): boolean;
  figures(): Omit<DayFigures, "tokenRequests" | "signOuts">;
}

const noticeableWaitMs = 5;
// An answer that was sent while the issuer was down may arrive a little later.
const onTheWayMs = 500;

/** A tally of a day. */
export function createTally(day: Day): Tally {
  const offline = [...day.sleeps.map(withReconnect), day.networkOutage];
  const troubles = [...offline, day.issuerOutage];
  const lastAnswers = new Map<number, number>();
  const state = { calls: 0, failedCalls: 0, avoidableFailures: 0, waitingCalls: 0 };
  let longestGapMs = 0;

  /** Whether the call had no way to succeed: see the README's paragraph. */
  const isExcused = ({ startedAt, endedAt }: CallOutcome, heldUntil: number): boolean => {
    if (offline.some((span) => touches(span, startedAt, endedAt))) return true;
    const down = touches(day.issuerOutage, endedAt - onTheWayMs, endedAt);
    return down && heldUntil <= endedAt;
  };
  const workingMs = (from: number, to: number): number =>
    troubles.reduce((left, span) => left - overlapMs(span, from, to), to - from);
  return {
    add(tab, outcome, heldUntil) {
      const { succeeded, endedAt, waitedMs } = outcome;
      const excused = succeeded || isExcused(outcome, heldUntil);
      state.calls += 1;
      if (!succeeded) state.failedCalls += 1;
      if (!excused) state.avoidableFailures += 1;
      if (waitedMs > noticeableWaitMs) state.waitingCalls += 1;
      if (succeeded) {
        const gapMs = workingMs(lastAnswers.get(tab) ?? day.from, endedAt);
        longestGapMs = Math.max(longestGapMs, gapMs);
        lastAnswers.set(tab, endedAt);
      }
      return !excused;
    },
    figures: () => ({ ...state, longestGapSeconds: longestGapMs / 1000 }),
  };
}

function withReconnect({ from, to }: Span): Span {
  return { from, to: to + reconnectMs };
}

function touches(span: Span, from: number, to: number): boolean {
  return span.from <= to && span.to >= from;
}

function overlapMs(span: Span, from: number, to: number): number {
  return Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
}

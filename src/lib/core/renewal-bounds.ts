import { AuthError } from "./auth-error.ts";
import { linkSignals } from "./link-signals.ts";
import type { Clock } from "./ports.ts";

/** How far one renewal may go, counted from the moment it asked for the lock. */
export interface RenewalBounds {
  /** Ends the renewal, and with it the hold of the lock. */
  readonly signal: AbortSignal;
  /** Too little time is left to begin a token request. */
  readonly late: () => boolean;
  /** The answer is there: from now on the time for storing it counts. */
  readonly answered: () => void;
  readonly stop: () => void;
}

const latestStartShare = 0.5;
const storingShare = 0.15;

/**
 * The bounds of one renewal, which ends at once when `ended` aborts. They begin with the wait for the lock, so that
 * everybody in the queue is done `timeoutMs` after asking, however many were
 * ahead: a tab that waits longer than that knows that a holder has stalled.
 *
 * Storing an answer has its own time. A machine that slept during the request
 * wakes up with an answer and with a bound long past; without the lock another
 * tab would use the old refresh token just before the new one is stored. The same would
 * happen with a storage that is slow, so an early answer has half of the whole time.
 */
export function startBounds(clock: Clock, timeoutMs: number, ended: AbortSignal): RenewalBounds {
  const controller = new AbortController();
  let late = false;
  const expire = () => {
    const message = `The renewal did not end within ${timeoutMs} ms. It is tried again later.`;
    controller.abort(new AuthError("unavailable", message, { ambiguous: true }));
  };
  const stopLate = clock.after(timeoutMs * latestStartShare, () => (late = true));
  let stopTimer = clock.after(timeoutMs * (1 - storingShare), expire);
  const { signal, unlink } = linkSignals(controller.signal, ended);
  return {
    signal,
    late: () => late,
    answered() {
      stopTimer();
      stopTimer = clock.after(timeoutMs * (late ? storingShare : 1 - latestStartShare), expire);
    },
    stop() {
      stopLate();
      stopTimer();
      unlink();
    },
  };
}

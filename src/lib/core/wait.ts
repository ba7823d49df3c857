import { AuthError } from "./auth-error.ts";
import type { Clock } from "./ports.ts";

/** The outcome of `promise`, or the reason of the first signal that aborts. */
export async function raceSignals<T>(
  promise: Promise<T>,
  ...signals: readonly (AbortSignal | undefined)[]
): Promise<T> {
  const stops: (() => void)[] = [];
  const aborted = new Promise<never>((_, reject) => {
    for (const signal of signals) {
      const abort = () => reject(asError(signal?.reason));
      if (signal?.aborted === true) abort();
      signal?.addEventListener("abort", abort);
      stops.push(() => signal?.removeEventListener("abort", abort));
    }
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    for (const stop of stops) stop();
  }
}

/** Resolves after `delayMs`, or as soon as `interrupt` is called. */
export function sleep(
  clock: Clock,
  delayMs: number,
): { readonly done: Promise<void>; readonly interrupt: () => void } {
  let interrupt = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    // Whole milliseconds: a runtime drops the fraction, and would call too early.
    const cancel = clock.after(Math.ceil(delayMs), resolve);
    interrupt = () => {
      cancel();
      resolve();
    };
  });
  return { done, interrupt };
}

/**
 * Runs a token request under a deadline of its own. When the deadline passes
 * first, rejects with `unavailable` and `ambiguous`: the request may have been
 * carried out.
 */
export async function withTimeout<T>(
  clock: Clock,
  timeoutMs: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancel = clock.after(timeoutMs, () =>
    controller.abort(
      new AuthError(
        "unavailable",
        `The issuer did not answer within ${timeoutMs} ms. It can be tried again.`,
        { ambiguous: true },
      ),
    ),
  );
  try {
    return await raceSignals(run(controller.signal), controller.signal);
  } finally {
    cancel();
  }
}

/** An error for a signal's reason, which may be anything. */
export function asError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error("The operation was aborted.", { cause: reason });
}

import type { Grant } from "../core/create-token-source.ts";

/**
 * Runs one piece of work after the other, whatever becomes of each. Work whose
 * signal aborts before its turn is not begun, and work that does not end when its
 * signal aborts keeps nobody waiting any longer.
 */
export function createQueue(): <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work, signal) => {
    const turn = last.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    last = last.then(() =>
      Promise.race([
        turn.catch(() => undefined),
        new Promise((resolve) => signal?.addEventListener("abort", resolve)),
      ]),
    );
    return turn;
  };
}

/**
 * One exchange after the other, for a grant that spends something with each: two
 * at once with one refresh token look like theft (RFC 9700, section 4.14.2).
 */
export function inTurn(grant: Grant): Grant {
  const queue = createQueue();
  return (request) => queue(() => grant(request), request.signal);
}

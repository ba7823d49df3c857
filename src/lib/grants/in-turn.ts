import type { Grant } from "../core/create-token-source.ts";

/**
 * One exchange after the other, for a grant that spends something with each: two
 * at once with one refresh token look like theft (RFC 9700, section 4.14.2). An
 * exchange whose deadline passes before its turn is never sent, and one that
 * does not end at its deadline keeps nobody waiting any longer.
 */
export function inTurn(grant: Grant): Grant {
  let last: Promise<unknown> = Promise.resolve();
  return ({ signal, ...request }) => {
    const turn = last.then(() => {
      signal.throwIfAborted();
      return grant({ ...request, signal });
    });
    last = last.then(() =>
      Promise.race([
        turn.catch(() => undefined),
        new Promise((resolve) => signal.addEventListener("abort", resolve)),
      ]),
    );
    return turn;
  };
}

/**
 * A signal that aborts with the first of two. A call's own signal aborts at its
 * end too, which is when the link to the long-lived one is cut, so that nothing
 * piles up on it. (`AbortSignal.any` would keep it until it is collected.)
 */
export function linkSignals(
  own: AbortSignal,
  longLived: AbortSignal | undefined,
): { readonly signal: AbortSignal; readonly unlink: () => void } {
  if (longLived === undefined) return { signal: own, unlink: () => undefined };
  const controller = new AbortController();
  const signals = [own, longLived];
  const unlink = () => {
    for (const signal of signals) signal.removeEventListener("abort", abort);
  };
  const abort = () => {
    unlink();
    controller.abort((own.aborted ? own : longLived).reason);
  };
  for (const signal of signals) signal.addEventListener("abort", abort);
  if (own.aborted || longLived.aborted) abort();
  return { signal: controller.signal, unlink };
}

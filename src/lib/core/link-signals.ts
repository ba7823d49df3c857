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
  const onOwn = () => {
    unlink();
    controller.abort(own.reason);
  };
  const onLongLived = () => {
    unlink();
    controller.abort(longLived.reason);
  };
  function unlink(): void {
    own.removeEventListener("abort", onOwn);
    longLived?.removeEventListener("abort", onLongLived);
  }
  if (own.aborted) onOwn();
  else if (longLived.aborted) onLongLived();
  else {
    own.addEventListener("abort", onOwn);
    longLived.addEventListener("abort", onLongLived);
  }
  return { signal: controller.signal, unlink };
}

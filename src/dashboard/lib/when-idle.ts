import { whenShown } from "./when-shown.ts";

const LATEST_MS = 250;

/**
 * Calls back when the browser has nothing better to do, after a quarter of a
 * second at the latest. Returns a function that takes it back. Safari has no idle
 * callbacks: there it happens when the page is on the screen.
 */
export function whenIdle(action: () => void): () => void {
  if (!("requestIdleCallback" in window)) return whenShown(action);
  const handle = requestIdleCallback(action, { timeout: LATEST_MS });
  return () => cancelIdleCallback(handle);
}

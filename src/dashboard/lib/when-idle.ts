// What moves within half a second of a click is its answer (Layout Instability API, `hadRecentInput`).
const LATEST_MS = 250;

/**
 * Calls back when the browser has nothing better to do, after a quarter of a
 * second at the latest. Returns a function that takes it back. Safari has no idle
 * callbacks: there a task after the frame has to do.
 */
export function whenIdle(action: () => void): () => void {
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(action, 50);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(action, { timeout: LATEST_MS });
  return () => cancelIdleCallback(handle);
}

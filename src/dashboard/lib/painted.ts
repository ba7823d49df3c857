/**
 * Resolves when the browser has had the occasion to paint what the page has now.
 * A page that nobody sees is not painted, and not waited for.
 */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    if (document.hidden) resolve();
    addEventListener("visibilitychange", () => resolve(), { once: true });
    // The frame is painted after its callbacks: a task that they post comes behind it.
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

// From the page to the screen a picture takes up to three frames on a small machine. What moves
// within half a second of a click is still its answer (Layout Instability API, `hadRecentInput`).
const PICTURE_MS = 50;

/**
 * Calls back when what the page has now is on the screen: what begins earlier
 * takes the time from it. Returns a function that takes it back. A page that
 * nobody sees has no frames, so none are counted.
 */
export function whenShown(action: () => void): () => void {
  const timer = setTimeout(action, PICTURE_MS);
  return () => clearTimeout(timer);
}

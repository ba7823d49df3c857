const MARKER = "user-lookup:reloaded-from";

let loses = false;

/** From now on this page holds what a reload would lose. */
export function losesWithReload(): void {
  loses = true;
}

/**
 * Opens the page again, once, when a script that it asks for is gone because a
 * newer version was deployed. Where it is, the address and this tab's history
 * say, so nothing is lost; what they do not say is never risked: the page stays
 * after {@link losesWithReload}, while somebody writes a list, and in the middle
 * of a sign-in. Everything else that keeps a script away, a dead network for one,
 * is left to the part of the page that needed it.
 */
export function reloadOnceWhenReplaced(): void {
  addEventListener("vite:preloadError", () => {
    const entry = document.querySelector('script[type="module"]')?.getAttribute("src");
    if (typeof entry !== "string" || loses || isWriting() || isSigningIn()) return;
    void reloadFrom(entry);
  });
}

async function reloadFrom(entry: string): Promise<void> {
  // A page that is served without this entry is another version; one that
  // was left already, and came back, would come back again.
  if (!(await isReplaced(entry)) || !leaveMarker(entry)) return;
  location.reload();
}

async function isReplaced(entry: string): Promise<boolean> {
  try {
    const response = await fetch(import.meta.env.BASE_URL, { cache: "no-store" });
    return response.ok && !(await response.text()).includes(entry);
  } catch {
    return false;
  }
}

/** Notes which version is left; false when that was done before, or cannot be noted. */
function leaveMarker(entry: string): boolean {
  try {
    if (sessionStorage.getItem(MARKER) === entry) return false;
    sessionStorage.setItem(MARKER, entry);
    return true;
  } catch {
    return false;
  }
}

function isWriting(): boolean {
  return [...document.querySelectorAll("textarea")].some(({ value }) => value.trim() !== "");
}

function isSigningIn(): boolean {
  return new URLSearchParams(location.search).has("code");
}

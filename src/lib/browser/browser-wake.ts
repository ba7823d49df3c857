import type { Wake } from "../core/ports.ts";

/** The moments after which timers may have slept and the network may be back. */
export function createBrowserWake(): Wake {
  return {
    subscribe(listener) {
      const whenVisible = () => {
        if (document.visibilityState === "visible") listener();
      };
      document.addEventListener("visibilitychange", whenVisible);
      document.addEventListener("resume", listener);
      window.addEventListener("pageshow", listener);
      window.addEventListener("online", listener);
      return () => {
        document.removeEventListener("visibilitychange", whenVisible);
        document.removeEventListener("resume", listener);
        window.removeEventListener("pageshow", listener);
        window.removeEventListener("online", listener);
      };
    },
    online: () => navigator.onLine,
  };
}

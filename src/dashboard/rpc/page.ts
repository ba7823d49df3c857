import type { Clock } from "../../lib/core/index.ts";
import type { PageVisibility } from "./live-user.ts";

/** The clock and the timers of the page. */
export const pageClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Whether somebody can see the page. */
export const pageVisibility: PageVisibility = {
  visible: () => document.visibilityState === "visible",
  subscribe(listener) {
    document.addEventListener("visibilitychange", listener);
    return () => document.removeEventListener("visibilitychange", listener);
  },
};

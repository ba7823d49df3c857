import type { EndedSession } from "../core/refresh-coordinator.ts";
import { raceSignals } from "../core/wait.ts";
import { leaveIssuer } from "./sign-out.ts";
import type { SignOutContext } from "./sign-out.ts";

/**
 * The sign-outs of this page. No sign-in may meet one: the issuer would still
 * know the person who has just signed out, and the page would be left in its middle.
 */
export interface Departure {
  /** See {@link leaveIssuer}. Resolves when the page stays. Never rejects. */
  leave(ended: EndedSession): Promise<unknown>;
  /** Begins a sign-in: in this call, or when the page stays after a sign-out that is under way. */
  enter(begin: () => Promise<void>, signal?: AbortSignal): Promise<void>;
}

/** The departure of a page that nobody is leaving yet. */
export function createDeparture(context: SignOutContext): Departure {
  let left: Promise<unknown> | undefined;
  return {
    leave: (ended) => (left = Promise.all([left, leaveIssuer(context, ended)])),
    async enter(begin, signal) {
      // Without a sign-out before it in the click itself, or no tab may be opened.
      if (left !== undefined) await raceSignals(left, signal);
      await begin();
    },
  };
}

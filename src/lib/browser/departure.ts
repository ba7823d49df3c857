import type { EndedSession } from "../core/refresh-coordinator.ts";
import type { SignInOptions } from "../core/session.ts";
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
  /**
   * Begins a sign-in: in this call, or when the page stays after a sign-out that is under way.
   * After one, the issuer may still know the person, and is told to ask who it is.
   */
  enter(begin: (options: SignInOptions) => Promise<void>, options?: SignInOptions): Promise<void>;
}

/** The departure of a page that nobody is leaving yet. */
export function createDeparture(context: SignOutContext): Departure {
  const { page, coordinator } = context;
  let left: Promise<unknown> | undefined;
  return {
    leave(ended) {
      try {
        page.stateStorage?.setItem(departed, "1");
      } catch {
        // A full storage must keep nobody from leaving.
      }
      return (left = Promise.all([left, leaveIssuer(context, ended)]));
    },
    async enter(begin, options = {}) {
      // Without a sign-out before it in the click itself, or no tab may be opened.
      if (left !== undefined) await raceSignals(left, options.signal);
      const isOut = coordinator.getSnapshot().state === "signed-out";
      const asks = isOut && page.stateStorage?.getItem(departed);
      await begin(asks ? { ...options, prompt: "login" } : options);
    },
  };
}

/** Outlives a reload, as the issuer's own session does. */
const departed = "connectrpc-oauth.left";

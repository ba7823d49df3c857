import type { SessionEvent } from "../../../lib/core/index.ts";
import { words } from "../../messages/messages.ts";

/** One sentence for an event, and whether it is one to look at. */
export function describeEvent(event: SessionEvent): {
  text: string;
  tone: "calm" | "warn" | "bad";
} {
  const { events } = words();
  switch (event.type) {
    case "signed-in":
      return { text: events.signedIn[event.by], tone: "calm" };
    case "signed-out":
      return { text: events.signedOut[event.by], tone: "calm" };
    case "renewed": {
      const duration = Math.round(event.durationMs);
      const text = events.renewed(events.reasons[event.reason], duration, waited(event.waiting));
      return { text, tone: "calm" };
    }
    case "adopted":
      return { text: events.adopted, tone: "calm" };
    case "renewal-failed":
      return { text: renewalFailed(event), tone: "warn" };
    case "interaction-required":
      return { text: events.interaction, tone: "bad" };
    case "warning":
      return { text: events.warning(event.message), tone: "warn" };
  }
}

function renewalFailed(event: Extract<SessionEvent, { type: "renewal-failed" }>): string {
  const { events } = words();
  const { status, oauthError } = event;
  const down = status !== undefined && status >= 500;
  const why =
    oauthError !== undefined && !down
      ? events.refused(oauthError)
      : status === undefined
        ? events.noAnswer
        : events.answered(status);
  const waitMs = event.nextAttemptAt === undefined ? undefined : event.nextAttemptAt - event.at;
  const next =
    waitMs === undefined ? "" : events.next(`${(Math.max(0, waitMs) / 1000).toFixed(1)} s`);
  return events.renewalFailed(why, event.served ? events.kept : events.calling, next);
}

function waited(calls: number): string {
  const { events } = words();
  if (calls === 0) return events.noneWaited;
  return calls === 1 ? events.oneWaited : events.someWaited(calls);
}

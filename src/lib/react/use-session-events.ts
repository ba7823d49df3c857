import { useEffect, useState } from "react";
import type { SessionEvent } from "../core/session-event.ts";
import { useSessionSource } from "./session-provider.tsx";

/**
 * What has happened in the session since this component was mounted, newest
 * last, at most `limit` events (by default 100).
 */
export function useSessionEvents(limit = 100): readonly SessionEvent[] {
  const session = useSessionSource();
  const [events, setEvents] = useState<readonly SessionEvent[]>([]);
  useEffect(
    () =>
      session.onEvent((event) =>
        setEvents((before) => [...before, event].slice(Math.max(0, before.length + 1 - limit))),
      ),
    [session, limit],
  );
  return events;
}

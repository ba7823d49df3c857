import { useCallback, useSyncExternalStore } from "react";
import type { Session, SessionSnapshot } from "../core/session.ts";
import { useSessionSource } from "./session-provider.tsx";

/** A session together with what it looks like now. */
export interface SessionView extends SessionSnapshot {
  readonly session: Session;
}

/**
 * The session of the nearest `SessionProvider` and its snapshot; renders again
 * when that changes. It asks for no token and sets no timer.
 */
export function useSession(): SessionView {
  const session = useSessionSource();
  const subscribe = useCallback((listener: () => void) => session.subscribe(listener), [session]);
  const getSnapshot = () => session.getSnapshot();
  const snapshot = useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
  return { session, ...snapshot };
}

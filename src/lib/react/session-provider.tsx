import { createContext, useContext } from "react";
import type { ReactNode } from "react";
import type { Session } from "../core/session.ts";

const SessionContext = createContext<Session | undefined>(undefined);

/** Makes a session known to the hooks below it. It neither starts nor ends it. */
export function SessionProvider(props: {
  readonly session: Session;
  readonly children?: ReactNode;
}): ReactNode {
  return <SessionContext.Provider value={props.session}>{props.children}</SessionContext.Provider>;
}

/** The session of the nearest provider. Throws when there is none. */
export function useSessionSource(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) {
    throw new Error(
      "useSession was called outside of <SessionProvider>. " +
        "Wrap the app: <SessionProvider session={session}>…</SessionProvider>.",
    );
  }
  return session;
}

import { useSession } from "../../../lib/react/index.ts";
import { useTransport } from "@connectrpc/connect-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { followUser } from "../../rpc/live-user.ts";
import type { LiveState } from "../../rpc/live-user.ts";
import { pageClock, pageVisibility } from "../../rpc/page.ts";
import { createUserWatch } from "../../rpc/watch-user.ts";
import { useServices } from "../../services.ts";

import { storeUser, userKey } from "./use-user.ts";
import { describeChanges } from "./user-changes.ts";

/** Something that changed while somebody watched. */
export interface SeenChange {
  readonly key: number;
  readonly at: Date;
  readonly text: string;
}

/**
 * Keeps a user current for as long as the component is there. `known` is what
 * the service said of the user; nothing is followed before that.
 */
export function useLiveUser(
  id: string,
  known: User | undefined,
): { state: LiveState; changes: readonly SeenChange[] } {
  const client = useQueryClient();
  const transport = useTransport();
  const { slots } = useServices();
  const { session, state: sessionState, subject } = useSession();
  const [state, setState] = useState<LiveState>("connecting");
  const changes = useChanges(known);
  const version = useRef(0n);
  useEffect(() => {
    if (known !== undefined) version.current = known.version;
  }, [known]);
  const ready = known !== undefined && sessionState === "signed-in";
  useEffect(() => {
    if (!ready) return undefined;
    return followUser(
      {
        watch: createUserWatch(transport, session, id),
        refetch: () => client.refetchQueries({ queryKey: userKey(transport, id), exact: true }),
        slots,
        page: pageVisibility,
        clock: pageClock,
        onUser: (user) => storeUser(client, transport, user),
        onState: setState,
      },
      version.current,
    );
  }, [ready, session, subject, id, transport, client, slots]);
  return { state: ready ? state : known === undefined ? "connecting" : "stopped", changes };
}

/** What became different from one version to the next, newest first. */
function useChanges(known: User | undefined): readonly SeenChange[] {
  const [changes, setChanges] = useState<readonly SeenChange[]>([]);
  const last = useRef<User>(undefined);
  useEffect(() => {
    const before = last.current;
    last.current = known;
    if (known === undefined || before === undefined || known.version <= before.version) return;
    const at = new Date();
    const texts = describeChanges(before, known);
    setChanges((seen) => [
      ...texts.map((text, index) => ({ at, text, key: seen.length + index })),
      ...seen,
    ]);
  }, [known]);
  return changes;
}

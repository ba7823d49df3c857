import { createClient } from "@connectrpc/connect";
import type { Transport } from "@connectrpc/connect";
import { UserService } from "../../gen/user/v1/user_service_pb.ts";
import { resumeStream } from "../../lib/core/index.ts";
import type { TokenSource } from "../../lib/core/index.ts";
import type { LiveUserPorts } from "./live-user.ts";

/** A watch of one user that goes on over token expiry and lost connections, in one session. */
export function createUserWatch(
  transport: Transport,
  tokenSource: TokenSource,
  id: string,
): LiveUserPorts["watch"] {
  const client = createClient(UserService, transport);
  return (version, signal, onConnected) =>
    resumeStream({
      open: (cursor: bigint | undefined, options) =>
        client.watchUser({ userId: id, afterVersion: cursor ?? version }, options),
      cursorOf: ({ event }) => (event.case === "user" ? event.value.version : undefined),
      signal,
      tokenSource,
      // A token that expired is no news: only a pause between attempts is.
      onState: (state) => {
        if (state !== "connecting") onConnected(state === "live");
      },
    });
}

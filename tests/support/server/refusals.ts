import { createClient } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Transport } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../../src/gen/google/rpc/error_details_pb.ts";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";

/** A unary method and a server stream. */
export const kinds = ["unary", "streaming"] as const;
export type Kind = (typeof kinds)[number];

/** Calls a method with that `Authorization`, and reads the answer to its end. */
export async function call(
  transport: Transport,
  kind: Kind,
  authorization: string | undefined,
): Promise<void> {
  const client = createClient(UserService, transport);
  const options = authorization === undefined ? {} : { headers: { authorization } };
  if (kind === "unary") {
    await client.getUser({ userId: "user123" }, options);
    return;
  }
  const messages = client.watchUser({ userId: "user123" }, options);
  for await (const message of messages) void message;
}

/** What a client can see of a refusal. */
export interface SeenRefusal {
  readonly code: string | undefined;
  readonly challenge: string | null;
  readonly reason: string | undefined;
  readonly domain: string | undefined;
  readonly facts: Readonly<Record<string, string>> | undefined;
}

/** The refusal of a call; throws when the call was let in. */
export async function refusalOf(calling: Promise<unknown>): Promise<SeenRefusal> {
  const reason = await calling.then(
    () => {
      throw new Error("The call was let in.");
    },
    (error: unknown) => error,
  );
  return readRefusal(reason);
}

export function readRefusal(reason: unknown): SeenRefusal {
  const error = ConnectError.from(reason);
  const [info, ...others] = error.findDetails(ErrorInfoSchema);
  if (others.length > 0) throw new Error("The error has more than one ErrorInfo.");
  return {
    code: Object.entries(Code).find((entry) => entry[1] === error.code)?.[0],
    challenge: error.metadata.get("www-authenticate"),
    reason: info?.reason,
    domain: info?.domain,
    facts: info?.metadata,
  };
}

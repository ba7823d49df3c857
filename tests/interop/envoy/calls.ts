import { Code, ConnectError } from "@connectrpc/connect";
import { envelope } from "./clients.ts";
import type { TokenClient } from "./clients.ts";

/** The name of the code that a call fails with; undefined when it is answered. */
export async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => undefined,
    (reason: unknown) => Code[ConnectError.from(reason).code],
  );
}

/** The id in the first answer of a call or stream. */
export async function firstOf({ users }: TokenClient, method: "getUser" | "watchUser") {
  if (method === "getUser") return (await users.getUser({ userId: "user123" })).id;
  const controller = new AbortController();
  const options = { signal: controller.signal };
  for await (const { event } of users.watchUser({ userId: "user123" }, options)) {
    controller.abort();
    return event.case === "user" ? event.value.id : event.case;
  }
  return undefined;
}

/** One call of gRPC-Web, as it is on the wire. */
export function callOver(baseUrl: string, token: string): Promise<Response> {
  return fetch(`${baseUrl}/user.v1.UserService/GetUser`, {
    method: "POST",
    headers: {
      "content-type": "application/grpc-web+proto",
      "x-grpc-web": "1",
      authorization: `Bearer ${token}`,
    },
    body: envelope("user123"),
  });
}

import { createClient } from "@connectrpc/connect";
import type { Client } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { UserService } from "../gen/user/v1/user_service_pb.ts";
import { createAuthInterceptor, createTokenSource } from "../lib/core/index.ts";
import type { Trust } from "../lib/node/index.ts";
import type { Credentials } from "./credentials.ts";
import type { Options } from "./options.ts";

/** The UserService, called with tokens. */
export interface Api {
  readonly users: Client<typeof UserService>;
  /** Closes the connection, so that the program can end. */
  close(): void;
}

/** Connects, at the first call, by gRPC over HTTP/2. */
export function connectApi(options: Options, { grant }: Credentials, trust: Trust): Api {
  const { api, timeoutMs, watch } = options;
  const tokenSource = createTokenSource(grant, {
    requestTimeoutMs: timeoutMs,
    // A person at a terminal would rather hear at once that the issuer does not answer.
    ...(watch ? {} : { maxWaitMs: 0 }),
  });
  const connection = new Http2SessionManager(api, undefined, trust.nodeOptions);
  const transport = createGrpcTransport({
    baseUrl: api,
    sessionManager: connection,
    defaultTimeoutMs: timeoutMs,
    interceptors: [
      createAuthInterceptor({ tokenSource, origins: [new URL(api).origin] }),
      trust.interceptor,
    ],
  });
  return { users: createClient(UserService, transport), close: () => connection.abort() };
}

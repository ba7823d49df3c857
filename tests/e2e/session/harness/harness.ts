import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { createBrowserSession } from "../../../../src/lib/browser/index.ts";
import type { BrowserSession, BrowserSessionOptions } from "../../../../src/lib/browser/index.ts";
import { AuthError, createAuthInterceptor } from "../../../../src/lib/core/index.ts";
import type { SessionEvent } from "../../../../src/lib/core/index.ts";
import type { SiteConfig } from "../../../../src/site/index.ts";

/** What a test may choose before the page loads. */
export type HarnessOptions = Pick<BrowserSessionOptions, "store" | "renewalTimeoutMs">;

/** What a test works with in the page. */
export interface Harness {
  readonly session: BrowserSession;
  /** All events since the page was loaded. */
  readonly events: readonly SessionEvent[];
  /** Looks user123 up; the name, or how the call failed: the gRPC code and the code of the AuthError. */
  getUser(): Promise<string>;
  /** Watches user123; resolves when the stream has ended, with how it did. */
  watchUser(): Promise<string>;
  /** How many messages `watchUser` has received. */
  watched(): number;
}

declare global {
  interface Window {
    harness: Harness;
    harnessOptions?: HarnessOptions;
  }
}

/** A session and a client of the API, made as any app makes them. */
export function createHarness(config: SiteConfig): Harness {
  const session = createBrowserSession({
    issuer: config.issuer,
    clientId: config.clientId,
    redirectUri: `${location.origin}/callback`,
    postLogoutRedirectUri: `${location.origin}/`,
    scopes: config.scopes,
    ...(config.resource === undefined ? {} : { resource: config.resource }),
    ...window.harnessOptions,
  });
  const events: SessionEvent[] = [];
  session.onEvent((event) => events.push(event));
  const auth = createAuthInterceptor({ tokenSource: session, origins: [config.apiBaseUrl] });
  const transport = createGrpcWebTransport({ baseUrl: config.apiBaseUrl, interceptors: [auth] });
  const client = createClient(UserService, transport);
  let watched = 0;
  return {
    session,
    events,
    getUser: () => outcome(async () => (await client.getUser({ userId: "user123" })).name),
    watchUser: () =>
      outcome(async () => {
        for await (const message of client.watchUser({ userId: "user123" })) {
          if (message.event.case !== undefined) watched++;
        }
        return "ended";
      }),
    watched: () => watched,
  };
}

async function outcome(call: () => Promise<string>): Promise<string> {
  try {
    return await call();
  } catch (reason) {
    const error = ConnectError.from(reason);
    return `${Code[error.code]}: ${AuthError.find(error)?.code ?? error.rawMessage}`;
  }
}

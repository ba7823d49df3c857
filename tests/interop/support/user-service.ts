import { createHttpHost } from "../../../src/backend/http-host.ts";
import { openDatabase } from "../../../src/backend/database/index.ts";
import { listen } from "../../../src/backend/listener.ts";
import { createUserStore, createUsersApi, seedUsers } from "../../../src/backend/users/index.ts";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../../src/lib/server/index.ts";
import type { GateEvent, IssuerOptions, TokenGateOptions } from "../../../src/lib/server/index.ts";

/** The resource that tokens must be for. */
export const audience = "urn:user-lookup:users";

/** How far its clock and an issuer's may be apart. */
export const clockSkewSeconds = 1;

/** Our UserService, which trusts an issuer that is not ours. */
export interface TestUserService {
  readonly url: string;
  /** What its gate told, refusals among it. */
  readonly events: readonly GateEvent[];
  close(): Promise<void>;
}

/** Whom it trusts, and who may call it. */
export interface TestUserServiceOptions {
  readonly issuers: readonly IssuerOptions[];
  readonly dashboardOrigin: string;
  /** Rules that win over those of the contract. */
  readonly rules?: NonNullable<TokenGateOptions["rules"]>;
}

/** Starts the users' part of the reference backend, with invented people in memory. */
export async function startUserService(options: TestUserServiceOptions): Promise<TestUserService> {
  const { issuers, dashboardOrigin, rules } = options;
  const events: GateEvent[] = [];
  const gate = createTokenGate({
    issuers,
    audience,
    services: [UserService],
    clockSkewSeconds,
    ...(rules !== undefined && { rules }),
    onEvent: (event) => void events.push(event),
  });
  const database = openDatabase(":memory:");
  seedUsers(database, 2_000, Date.now());
  const store = createUserStore(database);
  const reportError = (error: unknown): void => console.error(error);
  const api = createUsersApi({ store, gate, dashboardOrigin, reportError });
  const host = createHttpHost(api.handle);
  const listener = await listen({ host: "localhost", port: 0, variable: "API_PORT" });
  listener.serve(host.accept);
  return {
    url: `http://localhost:${listener.port}`,
    events,
    async close() {
      listener.close();
      api.close();
      await host.close(1_000);
      database.close();
    },
  };
}

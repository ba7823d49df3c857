import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterEach, expect, test, vi } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createAuthInterceptor, createTokenSource } from "../../src/lib/core/index.ts";
import { clientCredentials } from "../../src/lib/grants/index.ts";
import { startTestBackend } from "../support/backend.ts";

const minuteMs = 60_000;
const lifetimeMinutes = 30;
const expiries = 20;

afterEach(() => {
  vi.useRealTimers();
});

test("a source that runs for ten hours crosses 20 expiries with one token request each, and no call fails", async () => {
  // Issuer, API and client are in this process and share its date; only that is moved.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const backend = await startTestBackend({ seedUsers: 5 });
  let requests = 0;
  const grant = clientCredentials({
    tokenUrl: `${backend.issuerUrl}/token`,
    clientId: "test-client",
    clientSecret: "foobar",
    scopes: ["users.read"],
    fetch: (input, init) => {
      requests += 1;
      return fetch(input, init);
    },
  });
  const tokenSource = createTokenSource(grant);
  const baseUrl = backend.apiUrl;
  const interceptors = [createAuthInterceptor({ tokenSource, origins: [baseUrl] })];
  const client = createClient(UserService, createGrpcTransport({ baseUrl, interceptors }));

  const startedAt = Date.now();
  const ends = new Set<number>();
  while (ends.size <= expiries) {
    const calls = [1, 2, 3].map(() => client.getUser({ userId: "user123" }));
    for (const { name } of await Promise.all(calls)) expect(name).toBe("Ada Lovelace");
    ends.add((await tokenSource.getToken()).expiresAt);
    vi.setSystemTime(Date.now() + minuteMs / 2);
  }
  expect(requests).toBe(1 + expiries);
  // Each was renewed shortly before its end, not far ahead of it.
  expect(Date.now() - startedAt).toBeGreaterThan(expiries * (lifetimeMinutes - 2) * minuteMs);
  await backend.remove();
}, 60_000);

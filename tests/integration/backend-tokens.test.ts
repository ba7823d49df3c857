import { Code } from "@connectrpc/connect";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../src/lib/server/index.ts";
import type { GateEvent } from "../../src/lib/server/index.ts";
import { startTestBackend, ways } from "../support/backend.ts";
import type { TestBackend, Way } from "../support/backend.ts";
import { createIssuerBrowser, requestToken, testClient } from "../support/issuer-browser.ts";
import { startGateServer } from "../support/server/gate-server.ts";
import { call, refusalOf } from "../support/server/refusals.ts";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterEach(() => expect(backend.failures).toEqual([]));
afterAll(() => backend.remove());

const newToken = async (params: Record<string, string>) => {
  const { body } = await requestToken(backend.issuerUrl, { ...testClient, ...params });
  return String(body["access_token"]);
};
const refused = (token: string, way: Way) =>
  refusalOf(backend.client(token, way).getUser({ userId: "user123" }));
const lacking = {
  code: Code[Code.PermissionDenied],
  challenge: 'Bearer realm="urn:user-lookup:users", error="insufficient_scope", scope="users.read"',
  reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
};

describe.each(ways)("a token without the scope, over %s,", (way) => {
  it("is what the fosite how-to's command gives, and may read nobody", async () => {
    const token = await newToken({});
    expect(decodeJwt(token)["scope"]).toBeUndefined();
    expect(await refused(token, way)).toMatchObject(lacking);
    const client = backend.client(await newToken({ scope: "users.read" }), way);
    expect((await client.getUser({ userId: "user123" })).name).toBe("Ada Lovelace");
  });
});

describe("a scope that the person may not have", () => {
  it.each([
    ["support", "users.read"],
    ["guest", ""],
  ])("is left out for %s, and the answer says so", async (name, scope) => {
    // The browser asks for users.read and users.contact.
    const { body } = await createIssuerBrowser(backend.issuerUrl).signIn(name);
    expect(body["scope"]).toBe(scope);
    const claims = decodeJwt(String(body["access_token"]));
    expect(claims["scope"] ?? "").toBe(scope);
    expect(claims).toMatchObject({
      acr: "urn:user-lookup:acr:password",
      auth_time: expect.any(Number),
    });
    if (scope !== "") return;
    const refusal = await refused(String(body["access_token"]), "gRPC-Web with fetch");
    expect(refusal).toMatchObject(lacking);
  });
});

describe("signing-key rotation under load", () => {
  it("fails no call: not at this API, and not at one that fetches the keys", async () => {
    const events: GateEvent[] = [];
    const gate = createTokenGate({
      issuers: [{ issuer: backend.issuerUrl }],
      audience: "urn:user-lookup:users",
      services: [UserService],
      onEvent: (event) => events.push(event),
    });
    const remote = await startGateServer(gate);
    const old = await newToken({ scope: "users.read" });
    const kids = new Map<string, number>();
    let calls = 0;
    const over = new AbortController();
    const callBoth = async (token: string) => {
      await backend.client(token, "gRPC over HTTP/2").getUser({ userId: "user123" });
      await call(remote.transport("gRPC-Web"), "unary", `Bearer ${token}`);
      calls += 1;
    };
    const work = async (isNew: boolean) => {
      while (!over.signal.aborted) {
        const token = isNew ? await newToken({ scope: "users.read" }) : old;
        await callBoth(token);
        const kid = String(decodeProtectedHeader(token).kid);
        if (isNew) kids.set(kid, (kids.get(kid) ?? 0) + 1);
      }
    };
    const workers = Promise.all([work(true), work(true), work(false), work(false)]);
    const seen = async (count: number) => {
      const enough = () => [...kids.values()].filter((times) => times >= 10).length >= count;
      await Promise.race([workers, expect.poll(enough, { timeout: 15_000 }).toBe(true)]);
    };
    await seen(1);
    for (const rotations of [1, 2, 3]) {
      const answer = await fetch(`${backend.issuerUrl}/demo/rotate-keys`, { method: "POST" });
      expect(answer.status).toBe(200);
      await seen(rotations + 1);
    }
    over.abort();
    await workers;
    expect(kids.size).toBe(4);
    expect(calls).toBeGreaterThan(40);
    expect(events.filter(({ type }) => type !== "keys-loaded")).toEqual([]);
    await remote.close();
  });
});

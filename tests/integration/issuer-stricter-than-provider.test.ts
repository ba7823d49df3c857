import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createIssuerBrowser, refresh, requestToken } from "../support/issuer-browser.ts";
import { startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";
import { jwtBearer, loadServiceClient } from "../support/issuer-service-client.ts";
import type { ServiceClient } from "../support/issuer-service-client.ts";

let server: IssuerServer;
let service: ServiceClient;
beforeAll(async () => {
  server = await startIssuer();
  service = await loadServiceClient(server);
});
afterEach(() => expect(server.failures).toEqual([]));
afterAll(() => server.stop());

// That a token is used up by one request alone is in issuer-race.test.ts.
describe("where fosite is stricter than oidc-provider, so are we:", () => {
  const test = { client_id: "test-client", client_secret: "foobar" };

  it("an unknown scope is refused, and not left out in silence", async () => {
    const credentials = { ...test, grant_type: "client_credentials", scope: "users.read nonsense" };
    expect((await requestToken(server.url, credentials)).body["error"]).toBe("invalid_scope");
    const { body } = await createIssuerBrowser(server.url).signIn("support");
    const renewal = await requestToken(server.url, {
      grant_type: "refresh_token",
      client_id: "user-lookup",
      refresh_token: String(body["refresh_token"]),
      scope: "users.read nonsense",
    });
    expect(renewal.body["error"]).toBe("invalid_scope");
    expect((await refresh(server.url, body["refresh_token"])).status).toBe(200);
  });

  it.each([
    ["test-client", "refresh_token", { refresh_token: "x" }],
    ["test-client", "authorization_code", { code: "x", redirect_uri: "http://localhost:5173/" }],
    ["test-client", jwtBearer, { assertion: "x" }],
    ["service-client", "client_credentials", {}],
    ["user-lookup", "client_credentials", {}],
    ["user-lookup", jwtBearer, { assertion: "x" }],
  ])("%s may not use %s: unauthorized_client", async (client_id, grant_type, more) => {
    const secrets = new Map([
      ["test-client", "foobar"],
      ["service-client", service.secret],
    ]);
    const client_secret = secrets.get(client_id);
    const { status, body } = await requestToken(server.url, {
      client_id,
      ...(client_secret !== undefined && { client_secret }),
      grant_type,
      ...more,
    });
    expect({ status, error: body["error"] }).toEqual({ status: 400, error: "unauthorized_client" });
  });

  it("a refresh gives no scope that the client or the person has lost", async () => {
    const { body } = await createIssuerBrowser(server.url).signIn("supervisor");
    expect(body["scope"]).toBe("users.read users.contact");
    // As if "admin" had been the client's when the person signed in, and were no more.
    server.database.exec(
      `UPDATE issuer_records SET payload = replace(payload, 'users.contact"', 'users.contact admin"')`,
    );
    const renewed = await refresh(server.url, body["refresh_token"]);
    expect(renewed.body["scope"]).toBe("users.read users.contact");
    const { scope } = decodeJwt(String(renewed.body["access_token"]));
    expect(scope).toBe("users.read users.contact");
    const asked = await requestToken(server.url, {
      grant_type: "refresh_token",
      client_id: "user-lookup",
      refresh_token: String(renewed.body["refresh_token"]),
      scope: "admin",
    });
    expect(asked.body["error"]).toBe("invalid_scope");
    // The refusal did not use the token up.
    expect((await refresh(server.url, renewed.body["refresh_token"])).status).toBe(200);
  });
});

describe("revocation (RFC 7009)", () => {
  const revoke = async (params: Record<string, string>) => {
    const body = new URLSearchParams(params);
    const answer = await fetch(`${server.url}/token/revocation`, { method: "POST", body });
    const text = await answer.text();
    const { error }: { error?: unknown } = text === "" ? {} : JSON.parse(text);
    return { status: answer.status, error };
  };

  it("does nothing for another client, and is refused to who is none", async () => {
    const { body } = await createIssuerBrowser(server.url).signIn("support");
    const token = String(body["refresh_token"]);
    const other = { client_id: "service-client", client_secret: service.secret };
    expect((await revoke({ ...other, token })).status).toBe(200);
    const nobody = { client_id: "service-client", client_secret: "wrong" };
    expect(await revoke({ ...nobody, token })).toEqual({ status: 401, error: "invalid_client" });
    expect((await refresh(server.url, token)).status).toBe(200);
  });

  it("of an access token is refused in words, because nobody would ask the issuer", async () => {
    const { body } = await createIssuerBrowser(server.url).signIn("support");
    const token = String(body["access_token"]);
    const answer = await revoke({ client_id: "user-lookup", token });
    expect(answer).toEqual({ status: 400, error: "unsupported_token_type" });
  });

  it("of an unknown token is no error", async () => {
    expect((await revoke({ client_id: "user-lookup", token: "unknown" })).status).toBe(200);
  });
});

import { describe, expect, it } from "vitest";
import { AuthError, createTokenSource } from "../../../../src/lib/core/index.ts";
import { refreshToken } from "../../../../src/lib/grants/index.ts";
import {
  createFakeTokenEndpoint,
  json,
  tokenAnswer,
} from "../../../support/fake-token-endpoint.ts";
import type { Reply } from "../../../support/fake-token-endpoint.ts";
import { settle } from "../../../support/virtual-clock.ts";

const tokenUrl = "https://issuer.example/token";
const secret = "refresh-secret-0123456789";

/** The grant over a token endpoint that gives the replies in turn. */
function setUp(replies: readonly Reply[], options: object = {}) {
  const { fetch, clock, sent } = createFakeTokenEndpoint(replies);
  const client = { clientId: "app", refreshToken: secret, fetch, clock };
  const grant = refreshToken({ tokenUrl, ...client, ...options });
  const run = (request: { scopes?: string[]; resource?: string } = {}) =>
    grant({ ...request, signal: new AbortController().signal });
  return { grant, run, sent, clock };
}

const jsonType = { headers: { "content-type": "application/json" } };

function html(text: string, status: number): Response {
  const headers = { "content-type": "text/html" };
  return new Response(`<!doctype html><p>${text}`, { status, headers });
}

async function failure(promise: Promise<unknown>): Promise<AuthError> {
  return promise.then(
    () => Promise.reject(new Error("It did not fail.")),
    (error: unknown) => AuthError.from(error),
  );
}

describe("refreshToken", () => {
  it("sends what RFC 6749 asks for, and reads the answer", async () => {
    const { run, sent, clock } = setUp([tokenAnswer()]);
    const { accessToken } = await run({ scopes: ["users.read"], resource: "urn:api" });
    expect(Object.fromEntries(sent[0]?.body ?? [])).toEqual({
      grant_type: "refresh_token",
      refresh_token: secret,
      client_id: "app",
      scope: "users.read",
      resource: "urn:api",
    });
    expect(accessToken).toEqual({
      value: "at-1",
      type: "Bearer",
      expiresAt: clock.now() + 60_000,
      scopes: ["users.read"],
    });
  });

  it("counts the life of the token from the moment of sending", async () => {
    const sentAt = { value: 0 };
    const world = setUp([
      async () => {
        await world.clock.advance(7_000);
        return tokenAnswer();
      },
    ]);
    sentAt.value = world.clock.now();
    expect((await world.run()).accessToken.expiresAt).toBe(sentAt.value + 60_000);
  });

  it("hands every rotated token to onRotated before the access token is used", async () => {
    const order: string[] = [];
    const { grant, clock, sent } = setUp(
      [tokenAnswer({ refresh_token: "rotated-1" }), tokenAnswer({ access_token: "at-2" })],
      { onRotated: (token: string) => void order.push(token) },
    );
    const source = createTokenSource(grant, { clock, random: () => 0.5 });
    await source.getToken().then(() => order.push("used"));
    await clock.advance(60_000);
    await source.getToken();
    expect(order).toEqual(["rotated-1", "used"]);
    expect(sent.map(({ body }) => body.get("refresh_token"))).toEqual([secret, "rotated-1"]);
  });

  it("sends one refresh token once, although two kinds of token are asked for together", async () => {
    const { grant, clock, sent } = setUp([
      tokenAnswer({ refresh_token: "rotated-1" }),
      tokenAnswer({ refresh_token: "rotated-2" }),
    ]);
    const source = createTokenSource(grant, { clock, random: () => 0.5 });
    await Promise.all([source.getToken({ scopes: ["a"] }), source.getToken({ scopes: ["b"] })]);
    expect(sent.map(({ body }) => body.get("refresh_token"))).toEqual([secret, "rotated-1"]);
  });

  it("never sends an exchange whose deadline passed before its turn, and goes on behind it", async () => {
    const { grant, run, sent } = setUp([() => new Promise(() => undefined)]);
    const [first, second] = [new AbortController(), new AbortController()];
    void grant({ signal: first.signal });
    const late = failure(grant({ signal: second.signal }));
    await settle();
    second.abort(new AuthError("unavailable", "too late"));
    first.abort(new AuthError("unavailable", "too late"));
    expect((await late).message).toBe("too late");
    expect(sent).toHaveLength(1);
    void run();
    await settle();
    expect(sent).toHaveLength(2);
  });

  it("offers a token again that onRotated could not keep", async () => {
    const offered: string[] = [];
    const { run } = setUp([tokenAnswer({ refresh_token: "rotated-1" }), tokenAnswer()], {
      onRotated(token: string) {
        offered.push(token);
        if (offered.length === 1) throw new Error("disk full");
      },
    });
    await failure(run());
    await run();
    await run();
    expect(offered).toEqual(["rotated-1", "rotated-1"]);
  });

  it("sends a secret in the Basic header, or in the body when told so", async () => {
    const basic = setUp([tokenAnswer()], { clientSecret: "foo bar" });
    await basic.run();
    expect(basic.sent[0]?.headers.get("authorization")).toMatch(/^Basic /);
    const post = setUp([tokenAnswer()], {
      clientSecret: "foobar",
      clientAuthentication: "client_secret_post",
    });
    await post.run();
    expect(post.sent[0]?.body.get("client_secret")).toBe("foobar");
  });

  it("does not look at an ID token in the answer: a wrong clock must not cost the session", async () => {
    const { run } = setUp([tokenAnswer({ id_token: "not.a.jwt", refresh_token: "next" })]);
    expect((await run()).refreshToken).toBe("next");
  });

  it("discovers the endpoint from the issuer, once", async () => {
    const issuer = "https://issuer.example";
    const metadata = json({ issuer, token_endpoint: tokenUrl });
    const { run, sent } = setUp([metadata, tokenAnswer(), tokenAnswer()], {
      issuer,
      tokenUrl: undefined,
    });
    await run();
    await run();
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([
      "/.well-known/openid-configuration",
      "/token",
      "/token",
    ]);
  });

  it("refuses metadata of another issuer", async () => {
    const metadata = json({ issuer: "https://evil.example", token_endpoint: tokenUrl });
    const issuer = "https://issuer.example";
    const { run, sent } = setUp([metadata], { issuer, tokenUrl: undefined });
    expect((await failure(run())).code).toBe("misconfigured");
    expect(sent).toHaveLength(1);
  });

  it.each([
    ["a login page of the network", html("Welcome", 200)],
    ["a way to one", new Response(null, { status: 302, headers: { location: "/welcome" } })],
    ["a gateway that does not find the issuer", html("default backend", 404)],
    ["a gateway that wants a password", html("Who are you?", 401)],
    ["half of the metadata", new Response('{"issuer":', jsonType)],
    ["another kind of JSON", json({ message: "starting" })],
  ])("asks again after %s in place of the metadata", async (_, reply) => {
    const issuer = "https://issuer.example";
    const metadata = json({ issuer, token_endpoint: tokenUrl });
    const { run } = setUp([reply, metadata, tokenAnswer()], { issuer, tokenUrl: undefined });
    expect((await failure(run())).code).toBe("unavailable");
    expect((await run()).accessToken.value).toBe("at-1");
  });

  it.each([
    ["no token endpoint", {}],
    ["one that is not safe", { token_endpoint: "http://issuer.example/token" }],
  ])("refuses metadata that names %s", async (_, named) => {
    const issuer = "https://issuer.example";
    const { run, sent } = setUp([json({ issuer, ...named })], { issuer, tokenUrl: undefined });
    expect((await failure(run())).code).toBe("misconfigured");
    expect(sent).toHaveLength(1);
  });

  it("refuses an address that is neither https nor loopback", () => {
    expect(() => setUp([], { tokenUrl: "http://issuer.example/token" })).toThrow(AuthError);
  });
});

describe("a failed refresh", () => {
  it.each([
    ["invalid_grant", 400, "interaction-required"],
    ["login_required", 400, "interaction-required"],
    ["invalid_client", 401, "misconfigured"],
    ["unauthorized_client", 400, "misconfigured"],
    ["invalid_scope", 400, "misconfigured"],
    ["invalid_request", 400, "misconfigured"],
    ["invalid_target", 400, "misconfigured"],
    ["unsupported_grant_type", 400, "misconfigured"],
    ["jti_known", 400, "misconfigured"],
    ["temporarily_unavailable", 400, "unavailable"],
    ["constructor", 400, "unavailable"],
    ["slow_down", 429, "unavailable"],
    ["invalid_grant", 503, "unavailable"],
  ])("%s with status %i is %s", async (error, status, code) => {
    const { run } = setUp([json({ error, error_description: "why" }, status)]);
    expect(await failure(run())).toMatchObject({ code });
  });

  it("invalid_client by a challenge header is misconfigured", async () => {
    const { run } = setUp([
      json({ error: "invalid_client" }, 401, {
        "www-authenticate": 'Basic error="invalid_client"',
      }),
    ]);
    expect(await failure(run())).toMatchObject({
      code: "misconfigured",
      details: { oauthError: "invalid_client", status: 401 },
    });
  });

  it.each([
    ["no network", new TypeError("Failed to fetch")],
    ["a login page of the network", html("Welcome", 200)],
    ["a gateway that wants a password", html("Who are you?", 401)],
    ["a gateway that does not find the issuer", html("default backend", 404)],
    ["half an answer", new Response('{"access_token":', jsonType)],
    ["an answer without a token", json({ token_type: "bearer" })],
    [
      "a token without an end",
      new Response('{"access_token":"at-1","token_type":"bearer","expires_in":1e999}'),
    ],
    [
      "a redirect",
      new Response(null, { status: 302, headers: { location: "https://evil.example" } }),
    ],
  ])("%s is transient", async (_, reply) => {
    const { run } = setUp([reply]);
    expect((await failure(run())).code).toBe("unavailable");
  });

  it("says when to come back, in seconds or as a date", async () => {
    const seconds = setUp([json({}, 503, { "retry-after": "7" })]);
    const error = await failure(seconds.run());
    expect(error.details).toMatchObject({ status: 503, retryAt: seconds.clock.now() + 7_000 });
    const date = setUp([json({}, 429, { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" })]);
    expect((await failure(date.run())).details.retryAt).toBe(Date.UTC(2026, 9, 21, 7, 28));
  });

  it("holds no secret, however deep one looks", async () => {
    const bodies = [
      json({ error: "invalid_grant", error_description: `${secret} has expired` }, 400),
      json({ error: "invalid_grant" }, 400),
      json({ access_token: "at-secret", token_type: "mac" }),
      json({ access_token: "at-secret", expires_in: "soon", token_type: "bearer" }),
    ];
    for (const body of bodies) {
      const { run } = setUp([body]);
      const seen = inspectDeep(await failure(run()));
      expect(seen).not.toContain(secret);
      expect(seen).not.toContain("at-secret");
    }
  });
});

/** Every string that an error holds, also where it does not enumerate. */
function inspectDeep(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || seen.has(value)) return "";
  seen.add(value);
  return Reflect.ownKeys(value)
    .map((key) => inspectDeep(Reflect.get(value, key), seen))
    .join("\n");
}

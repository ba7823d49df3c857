import type { Clock, Fetch } from "../../../src/lib/core/ports.ts";

/** The issuer of the fakes. */
export const issuer = "https://issuer.example";
/** The client of the fakes. */
export const clientId = "app";

type Json = Record<string, unknown>;

/** An issuer behind a fetch function, with an answer to change for each test. */
export interface FakeIssuer {
  readonly fetch: Fetch;
  /** Changes what the metadata says; `undefined` leaves a member out. */
  metadata: Json;
  /** Changes the claims of the next ID tokens. */
  claims: Json;
  /** Changes the header of the next ID tokens. */
  header: Json;
  /** Changes the answer of the token endpoint. */
  answer: Json;
  /** Replaces whole answers, by path. */
  readonly instead: Map<string, () => Response | Promise<Response>>;
  /** All requests, as `METHOD /path`. */
  readonly requests: readonly string[];
  /** The forms that were posted, in order. */
  readonly forms: readonly URLSearchParams[];
  /** Signs the person in, as after the login page: the address to come back to. */
  answerTo(departure: URL, parameters?: Record<string, string | undefined>): string;
}

/** An issuer that signs `sub-1` in and trusts every code. */
export function createFakeIssuer(clock: Clock): FakeIssuer {
  const requests: string[] = [];
  const forms: URLSearchParams[] = [];
  let nonce: string | null = null;
  let issued = 0;
  const fake: FakeIssuer = {
    metadata: {},
    claims: {},
    header: {},
    answer: {},
    instead: new Map(),
    requests,
    forms,
    answerTo(departure, parameters = {}) {
      nonce = departure.searchParams.get("nonce");
      const callback = new URL(departure.searchParams.get("redirect_uri") ?? "");
      const state = departure.searchParams.get("state") ?? undefined;
      const all = { code: "the-code", state, iss: issuer, ...parameters };
      for (const [key, value] of Object.entries(all)) {
        if (value !== undefined) callback.searchParams.set(key, value);
      }
      return callback.href;
    },
    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname } = new URL(request.url);
      requests.push(`${request.method} ${pathname}`);
      if (request.method === "POST") forms.push(new URLSearchParams(await request.text()));
      const instead = fake.instead.get(pathname);
      if (instead !== undefined) return instead();
      if (pathname === "/.well-known/openid-configuration") return json(describe(fake.metadata));
      if (pathname === "/token") return json(tokens());
      if (pathname === "/revoke") return new Response(null, { status: 200 });
      return new Response("not found", { status: 404 });
    },
  };
  function tokens(): Json {
    issued += 1;
    const now = Math.floor(clock.now() / 1000);
    const claims = {
      iss: issuer,
      sub: "sub-1",
      aud: clientId,
      exp: now + 3600,
      iat: now,
      nonce,
      name: "Ada",
      ...fake.claims,
    };
    return {
      access_token: `access-${issued}`,
      token_type: "Bearer",
      expires_in: 60,
      refresh_token: `refresh-${issued}`,
      id_token: encodeJwt({ alg: "RS256", ...fake.header }, claims),
      scope: "openid offline_access users.read",
      ...fake.answer,
    };
  }
  return fake;
}

function describe(changes: Json): Json {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    end_session_endpoint: `${issuer}/logout`,
    authorization_response_iss_parameter_supported: true,
    ...changes,
  };
}

/** A token with a signature that nobody looks at. */
function encodeJwt(header: Json, claims: Json): string {
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;
}

function json(body: Json): Response {
  return Response.json(body);
}

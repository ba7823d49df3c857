import type { Random } from "../../../src/lib/core/index.ts";
import { latency } from "./network.ts";
import type { Network } from "./network.ts";

/** The issuer, and the client and callback that it knows. */
export const issuer = "https://issuer.example";
export const clientId = "app";
export const redirectUri = "https://app.example/callback";
export const audience = "urn:api";

/** How long access tokens live. */
const lifetimeMs = 300_000;

/** A sign-in, with all tokens that come from it. */
interface Family {
  /** Whose it is: a tab's, or the whole browser's. */
  readonly holder: string;
  current: string;
  revoked: boolean;
}

/** An issuer that rotates refresh tokens and revokes a sign-in when one is used twice. */
export interface Issuer {
  readonly fetch: typeof fetch;
  /** Signs the person in, as after the login page: the address to come back to. */
  authorize(address: string, holder: string): string;
  /** Whether an access token is still good. */
  accepts(accessToken: string): boolean;
  /** Until when the holder has an access token. */
  heldUntil(holder: string): number;
  /** The token endpoint answers 503. */
  down: boolean;
  readonly tokenRequests: number;
  /** Sign-ins that were revoked because a refresh token was used twice. */
  readonly revocations: number;
}

/** An issuer behind a network. */
export function createIssuer(network: Network, random: Random): Issuer {
  const codes = new Map<string, { readonly nonce: string | null; readonly holder: string }>();
  const families = new Map<string, Family>();
  const accessTokens = new Map<string, number>();
  const held = new Map<string, number>();
  const state = { down: false, tokenRequests: 0, revocations: 0 };
  let count = 0;

  function issue(family: Family, nonce: string | null): Response {
    count += 1;
    family.current = `refresh-${count}`;
    families.set(family.current, family);
    accessTokens.set(`access-${count}`, Date.now() + lifetimeMs);
    return Response.json({
      access_token: `access-${count}`,
      token_type: "Bearer",
      expires_in: lifetimeMs / 1000,
      refresh_token: family.current,
      id_token: idToken(nonce),
      scope: "openid offline_access users.read",
    });
  }
  function exchange(form: URLSearchParams): { response: Response; holder?: string } {
    state.tokenRequests += 1;
    if (state.down) return { response: new Response("Service Unavailable", { status: 503 }) };
    const code = codes.get(form.get("code") ?? "");
    if (code !== undefined) {
      const family = { holder: code.holder, current: "", revoked: false };
      return { response: issue(family, code.nonce), holder: family.holder };
    }
    const refreshToken = form.get("refresh_token") ?? "";
    const family = families.get(refreshToken);
    if (family === undefined || family.revoked) return { response: invalidGrant() };
    if (family.current === refreshToken) {
      return { response: issue(family, null), holder: family.holder };
    }
    family.revoked = true;
    state.revocations += 1;
    return { response: invalidGrant() };
  }
  return Object.assign(state, {
    async fetch(input: string | URL | Request, init?: RequestInit) {
      init?.signal?.throwIfAborted();
      const request = new Request(input, init);
      const form = new URLSearchParams(await request.text());
      const { pathname } = new URL(request.url);
      const isToken = pathname === "/token" || pathname === "/oauth/token";
      const { response, holder } = await network.transmit(latency(random, 80, 400), () =>
        isToken ? exchange(form) : { response: Response.json(metadata), holder: undefined },
      );
      if (holder !== undefined) held.set(holder, Date.now() + lifetimeMs);
      return response;
    },
    authorize(address: string, holder: string) {
      const asked = new URL(address).searchParams;
      const code = `code-${codes.size + 1}`;
      codes.set(code, { nonce: asked.get("nonce"), holder });
      const callback = new URL(redirectUri);
      callback.searchParams.set("code", code);
      callback.searchParams.set("state", asked.get("state") ?? "");
      callback.searchParams.set("iss", issuer);
      return callback.href;
    },
    accepts: (accessToken: string) => (accessTokens.get(accessToken) ?? 0) > Date.now(),
    heldUntil: (holder: string) => held.get(holder) ?? 0,
  });
}

const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ["code"],
};

function invalidGrant(): Response {
  const description = "Unknown or invalid refresh token.";
  return Response.json({ error: "invalid_grant", error_description: description }, { status: 400 });
}

/** Nobody here checks the signature: the token comes from the token endpoint itself. */
function idToken(nonce: string | null): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const times = { iat: now, exp: now + 36_000 };
  const claims = { iss: issuer, sub: "ada", aud: clientId, name: "Ada", nonce, ...times };
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
}

import { createHash, randomBytes } from "node:crypto";
import { audience } from "../support/user-service.ts";
import type { Keycloak } from "./server.ts";

/** What Keycloak's token endpoint answers. */
export interface TokenAnswer {
  readonly status: number;
  readonly allowedOrigin: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How an authorization ended: back at the callback, or at a page of Keycloak's. */
export interface Authorized {
  /** The parameters of the callback; empty when Keycloak showed a page. */
  readonly callback: URLSearchParams;
  readonly verifier: string;
}

/** A person's browser without JavaScript, at Keycloak. */
export interface Person {
  /** Asks for a code; fills in each form that Keycloak shows. */
  authorize(params?: Readonly<Record<string, string>>): Promise<Authorized>;
  /** A whole sign-in: the answer of the token endpoint. */
  signIn(params?: Readonly<Record<string, string>>): Promise<TokenAnswer>;
  /** Asks for the end of Keycloak's session; where the browser is sent, if anywhere. */
  signOut(params?: Readonly<Record<string, string>>): Promise<string | undefined>;
}

/** A browser with no cookies, of the person `name`, whose password is the name. */
export function createPerson(keycloak: Keycloak, siteOrigin: string, name: string): Person {
  const cookies = new Map<string, string>();
  const redirectUri = `${siteOrigin}/callback`;
  const visit = (url: string, init: RequestInit = {}) => visitWith(cookies, url, init);
  const person: Person = {
    async authorize(params = {}) {
      const verifier = randomBytes(32).toString("base64url");
      const query = new URLSearchParams({
        client_id: "user-lookup",
        response_type: "code",
        redirect_uri: redirectUri,
        scope: "openid profile users.read",
        resource: audience,
        state: "the-state",
        nonce: "the-nonce",
        code_challenge_method: "S256",
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        ...params,
      });
      let response = await visit(`${endpoint(keycloak, "auth")}?${query}`);
      for (let form = await formOf(response); form !== undefined; form = await formOf(response)) {
        const body = new URLSearchParams({ username: name, password: name });
        response = await visit(form, { method: "POST", body });
      }
      const location = response.headers.get("location");
      return {
        verifier,
        callback: location === null ? new URLSearchParams() : new URL(location).searchParams,
      };
    },
    async signIn(params = {}) {
      const { callback, verifier } = await person.authorize(params);
      return requestToken(keycloak, siteOrigin, {
        ...params,
        grant_type: "authorization_code",
        code: callback.get("code") ?? "",
        redirect_uri: params["redirect_uri"] ?? redirectUri,
        code_verifier: verifier,
      });
    },
    async signOut(params = {}) {
      const query = new URLSearchParams({
        client_id: "user-lookup",
        post_logout_redirect_uri: `${siteOrigin}/`,
        ...params,
      });
      const response = await visit(`${endpoint(keycloak, "logout")}?${query}`);
      return response.headers.get("location") ?? undefined;
    },
  };
  return person;
}

/** A request at the token endpoint, from a page at `origin`; the client is the dashboard. */
export async function requestToken(
  keycloak: Keycloak,
  origin: string,
  params: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  const body = new URLSearchParams({ client_id: "user-lookup", ...params });
  const headers = { origin };
  const response = await fetch(endpoint(keycloak, "token"), { method: "POST", headers, body });
  return {
    status: response.status,
    allowedOrigin: response.headers.get("access-control-allow-origin"),
    body: (await response.json()) as TokenAnswer["body"],
  };
}

/** An address of the realm's protocol. */
export function endpoint(keycloak: Keycloak, name: string): string {
  return `${keycloak.issuer}/protocol/openid-connect/${name}`;
}

/** Where the sign-in form of a page goes. */
async function formOf(response: Response): Promise<string | undefined> {
  if (response.status !== 200) return undefined;
  const action = /id="kc-form-login"[^>]*action="([^"]+)"/.exec(await response.text())?.[1];
  return action?.replaceAll("&amp;", "&");
}

async function visitWith(
  cookies: Map<string, string>,
  url: string,
  init: RequestInit,
): Promise<Response> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const response = await fetch(url, { ...init, redirect: "manual", headers: { cookie } });
  for (const line of response.headers.getSetCookie()) {
    const [pair = ""] = line.split(";");
    const [name = "", ...value] = pair.split("=");
    if (/max-age=0/i.test(line)) cookies.delete(name);
    else cookies.set(name, value.join("="));
  }
  return response;
}

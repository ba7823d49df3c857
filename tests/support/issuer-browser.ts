import { createHash, randomBytes } from "node:crypto";
import { dashboardUrl } from "./issuer-server.ts";

/** Where the dashboard's sign-in ends. */
export const redirectUri = `${dashboardUrl}/callback`;

/** What a page, or the end of a chain of redirects, looked like. */
export interface Visited {
  readonly status: number;
  /** Of the page, or of the foreign address that was redirected to. */
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** What the token endpoint answers. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One browser without JavaScript: keeps cookies, follows redirects as long as they stay at the issuer. */
export interface IssuerBrowser {
  open(url: string, headers?: Readonly<Record<string, string>>): Promise<Visited>;
  /** Sends the form of `page` that has the field `field` (default: the first form), with `values` filled in. */
  submit(page: Visited, values: Readonly<Record<string, string>>, field?: string): Promise<Visited>;
  /** Begins a sign-in of the dashboard. Answers the page it stops at, and what the code needs. */
  authorize(params?: Readonly<Record<string, string>>): Promise<Authorization>;
  /** A whole sign-in. Answers the token response. */
  signIn(name: string, params?: Readonly<Record<string, string>>): Promise<TokenAnswer>;
}

/** A sign-in that has begun. */
export interface Authorization {
  readonly page: Visited;
  readonly verifier: string;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

/** A new browser with no cookies, for the issuer at `issuerUrl`. */
export function createIssuerBrowser(issuerUrl: string): IssuerBrowser {
  const cookies = new Map<string, Cookie>();
  const visit = (url: string, init: RequestInit = {}) => follow(issuerUrl, cookies, url, init);
  const browser: IssuerBrowser = {
    open: (url, headers = {}) => visit(url, { headers }),
    submit(page, values, field) {
      const form = findForm(page, field);
      const body = new URLSearchParams({ ...form.fields, ...values });
      const headers = { origin: issuerUrl };
      return visit(new URL(form.action, page.url).href, { method: "POST", body, headers });
    },
    async authorize(params = {}) {
      const verifier = randomBytes(32).toString("base64url");
      const page = await visit(authorizationUrl(issuerUrl, verifier, params));
      return { page, verifier };
    },
    async signIn(name, params) {
      const { page, verifier } = await browser.authorize(params);
      const end = await browser.submit(page, { name, password: name });
      return redeem(issuerUrl, end, verifier);
    },
  };
  return browser;
}

function authorizationUrl(
  issuerUrl: string,
  verifier: string,
  params: Readonly<Record<string, string>>,
): string {
  const url = new URL("/auth", issuerUrl);
  const all = {
    client_id: "user-lookup",
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid offline_access users.read users.contact",
    state: "the-state",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...params,
  };
  url.search = new URLSearchParams(all).toString();
  return url.href;
}

/** Redeems the code that a sign-in ended with. */
export function redeem(
  issuerUrl: string,
  end: Visited,
  verifier: string,
  client: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const code = end.url.searchParams.get("code");
  if (code === null) throw new Error(`no code at ${end.url.href}: ${end.body}`);
  return requestToken(issuerUrl, {
    grant_type: "authorization_code",
    client_id: "user-lookup",
    redirect_uri: redirectUri,
    code_verifier: verifier,
    code,
    ...client,
  });
}

/** The token request of the demo's client, which has these words in public. */
export const testClient = {
  grant_type: "client_credentials",
  client_id: "test-client",
  client_secret: "foobar",
};

/** One request to the token endpoint. */
export async function requestToken(
  issuerUrl: string,
  params: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const body = new URLSearchParams(params);
  const response = await fetch(new URL("/token", issuerUrl), { method: "POST", body, headers });
  const answer: Record<string, unknown> = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, body: answer };
}

/** One refresh by the dashboard. */
export function refresh(issuerUrl: string, refreshToken: unknown): Promise<TokenAnswer> {
  return requestToken(issuerUrl, {
    grant_type: "refresh_token",
    client_id: "user-lookup",
    refresh_token: String(refreshToken),
  });
}

async function follow(
  issuerUrl: string,
  cookies: Map<string, Cookie>,
  url: string,
  init: RequestInit,
): Promise<Visited> {
  let request: RequestInit = init;
  let target = new URL(url, issuerUrl);
  for (let hops = 0; hops < 10; hops += 1) {
    if (target.origin !== issuerUrl) {
      return { status: 303, url: target, headers: new Headers(), body: "" };
    }
    const headers = new Headers(request.headers);
    headers.set("cookie", cookieHeader(cookies, target.pathname));
    headers.set("accept", "text/html");
    const response = await fetch(target, { ...request, headers, redirect: "manual" });
    keepCookies(cookies, response, target.pathname);
    const location = response.headers.get("location");
    if (location === null) {
      const body = await response.text();
      return { status: response.status, url: target, headers: response.headers, body };
    }
    await response.body?.cancel();
    target = new URL(location, target);
    request = {};
  }
  throw new Error(`too many redirects, at ${target.href}`);
}

function keepCookies(cookies: Map<string, Cookie>, response: Response, path: string): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = "", ...attributes] = line.split(/;\s*/);
    const separator = pair.indexOf("=");
    const name = pair.slice(0, separator);
    const value = pair.slice(separator + 1);
    const own = attributes.find((text) => text.toLowerCase().startsWith("path="));
    const cookie = { value, path: own?.slice("path=".length) ?? path };
    if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(`${name} ${cookie.path}`);
    else cookies.set(`${name} ${cookie.path}`, cookie);
  }
}

function cookieHeader(cookies: ReadonlyMap<string, Cookie>, path: string): string {
  return [...cookies]
    .filter(([, cookie]) => path.startsWith(cookie.path))
    .map(([key, cookie]) => `${key.split(" ")[0]}=${cookie.value}`)
    .join("; ");
}

interface Form {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

function findForm(page: Visited, field: string | undefined): Form {
  const forms = [...page.body.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)];
  const parsed = forms.map(([, action = "", content = ""]) => ({
    action,
    fields: readFields(content),
  }));
  const form = parsed.find(({ fields }) => field === undefined || field in fields);
  if (form === undefined)
    throw new Error(`no form at ${page.url.href} (${page.status}): ${page.body}`);
  return form;
}

function readFields(content: string): Record<string, string> {
  const inputs = [...content.matchAll(/<input([^>]*)>/g)].map(([, attributes = ""]) => attributes);
  return Object.fromEntries(
    inputs.map((attributes) => [attribute(attributes, "name"), attribute(attributes, "value")]),
  );
}

function attribute(attributes: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
}

import type { IncomingMessage, ServerResponse } from "node:http";
import * as oauth from "oauth4webapi";
import { AuthError } from "../lib/core/index.ts";
import { loginClientId, loginFile, trustFile } from "./files.ts";
import { describeNoAnswer } from "./no-answer.ts";
import type { Options } from "./options.ts";
import { answerPage, notHere } from "./login-pages.ts";
import type { World } from "./world.ts";

const loginTimeoutMs = 300_000;
const defaultScopes = ["openid", "offline_access", "users.read"];

/** One sign-in: what is sent with the person, and must come back. */
interface Attempt {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly http: HttpOptions;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

type HttpOptions = ReturnType<typeof httpOptions>;

/**
 * Signs a person in with their browser: authorization code with PKCE on a
 * loopback redirect (RFC 8252, sections 7.3 and 8.1), and keeps the refresh token.
 */
export async function login(options: Options, world: World): Promise<void> {
  const file = loginFile(options, world.env);
  const { fetch } = await trustFile("ca", options.caFile);
  const timeout = AbortSignal.timeout(loginTimeoutMs);
  const http = httpOptions(options, fetch, AbortSignal.any([world.interrupted, timeout]));
  const server = await discover(options, http);
  const refreshToken = await signIn(options, world, server, http);
  await file.write(refreshToken);
  world.tell(`You are signed in. The refresh token is in ${file.path}.`);
}

function httpOptions(
  { issuer }: Options,
  fetch: Awaited<ReturnType<typeof trustFile>>["fetch"],
  signal: AbortSignal,
) {
  return {
    signal,
    [oauth.customFetch]: (
      url: string,
      { body, ...init }: oauth.CustomFetchOptions<string, URLSearchParams | undefined>,
    ) => fetch(url, body === undefined ? init : { ...init, body }),
    // An issuer over plain http is on this machine: the options allow no other.
    [oauth.allowInsecureRequests]: new URL(issuer).protocol === "http:",
  };
}

async function discover({ issuer }: Options, http: HttpOptions) {
  const url = new URL(issuer);
  const asked = `Asked ${issuer} for its metadata`;
  const response = await oauth.discoveryRequest(url, http).catch((cause: unknown) => {
    throw describeNoAnswer(asked, cause);
  });
  try {
    return await oauth.processDiscoveryResponse(url, response);
  } catch (cause) {
    const message = `${asked}: it answered ${response.status}, which is not the metadata of this issuer.`;
    throw new AuthError("misconfigured", message, { status: response.status, cause });
  }
}

async function signIn(
  options: Options,
  world: World,
  server: oauth.AuthorizationServer,
  http: HttpOptions,
): Promise<string> {
  let arrive: (refreshToken: Promise<string>) => void = () => {};
  const arrived = new Promise<string>((resolve) => (arrive = resolve));
  let attempt: Attempt | undefined;
  const loopback = await world.openLoopback((request, response) => {
    if (attempt !== undefined) receive(attempt, request, response, arrive);
    else notHere(response);
  });
  try {
    attempt = {
      server,
      http,
      client: { client_id: options.clientId ?? loginClientId },
      redirectUri: `http://127.0.0.1:${loopback.port}/callback`,
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier: oauth.generateRandomCodeVerifier(),
    };
    const url = await authorizationUrl(options, attempt);
    world.tell(`Sign in at this address: ${url}`);
    if (options.browser) world.openBrowser(url);
    return await untilAborted(arrived, http.signal);
  } finally {
    loopback.close();
  }
}

async function authorizationUrl(options: Options, attempt: Attempt): Promise<string> {
  const { server, client, redirectUri, state, nonce, verifier } = attempt;
  const { authorization_endpoint: endpoint, issuer } = server;
  if (endpoint === undefined) {
    throw new AuthError("misconfigured", `${issuer} names no authorization_endpoint.`);
  }
  const { scopes = defaultScopes, resource } = options;
  const url = new URL(endpoint);
  const parameters = {
    client_id: client.client_id,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: scopes.join(" "),
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    // OpenID Connect Core, section 11: without it an issuer may leave offline_access out.
    ...(scopes.includes("offline_access") ? { prompt: "consent" } : {}),
    ...(resource === undefined ? {} : { resource }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function receive(
  attempt: Attempt,
  request: IncomingMessage,
  response: ServerResponse,
  arrive: (refreshToken: Promise<string>) => void,
): void {
  const url = new URL(request.url ?? "/", attempt.redirectUri);
  // Any page can send a browser here; only the answer to this attempt counts.
  const isOurs = url.pathname === "/callback" && url.searchParams.get("state") === attempt.state;
  if (!isOurs || request.method !== "GET") return notHere(response);
  const redeemed = redeem(attempt, url);
  const end = (title: string, text: string) => () => answerPage(response, title, text);
  redeemed.then(
    end("You are signed in", "Go back to the terminal. This page can be closed."),
    end("That did not work", "The terminal says why. This page can be closed."),
  );
  arrive(redeemed);
}

async function redeem(attempt: Attempt, url: URL): Promise<string> {
  const { server, client, http, redirectUri, state, nonce, verifier } = attempt;
  try {
    const code = oauth.validateAuthResponse(server, client, url, state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      code,
      redirectUri,
      verifier,
      http,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
    });
    if (tokens.refresh_token !== undefined) return tokens.refresh_token;
  } catch (cause) {
    throw signInError(server, cause);
  }
  const message = `${server.issuer} gave no refresh token. Ask for offline_access, and let the client have it.`;
  throw new AuthError("misconfigured", message);
}

function signInError({ issuer }: oauth.AuthorizationServer, cause: unknown): AuthError {
  if (cause instanceof AuthError) return cause;
  const isOAuth =
    cause instanceof oauth.AuthorizationResponseError || cause instanceof oauth.ResponseBodyError;
  if (!isOAuth) return describeNoAnswer(`Asked ${issuer} to sign you in`, cause);
  const description = cause.error_description === undefined ? "" : ` "${cause.error_description}"`;
  return new AuthError(
    "sign-in-failed",
    `Asked ${issuer} to sign you in: it answered ${cause.error}${description}.`,
    { oauthError: cause.error, cause },
  );
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () =>
      reject(new AuthError("sign-in-failed", "Nobody came back from the sign-in in time."));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject);
  });
}

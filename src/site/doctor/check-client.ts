import type { SiteConfig } from "../config.ts";
import { finding } from "./catalogue.ts";
import type { Finding } from "./catalogue.ts";
import type { Metadata } from "./check-issuer.ts";
import { jsonOf, textOf, toldOf } from "./ports.ts";
import type { Answer, DoctorPorts, Sight } from "./ports.ts";

// RFC 7636 appendix B: it is checked only when a code is exchanged, and there is none.
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/** Whether the issuer knows the client, lets its page ask, and sends people back to it. */
export async function checkClient(
  config: SiteConfig,
  origin: string | undefined,
  metadata: Metadata,
  ports: DoctorPorts,
): Promise<Finding[]> {
  const tokens = await checkTokenEndpoint(config, origin, metadata, ports);
  // Whatever else is refused to a client that nobody knows says nothing.
  if (tokens.some(({ code }) => code === "client-unknown") || origin === undefined) return tokens;
  return [...tokens, ...(await checkRedirect(config, origin, metadata, ports))];
}

async function checkTokenEndpoint(
  config: SiteConfig,
  origin: string | undefined,
  metadata: Metadata,
  ports: DoctorPorts,
): Promise<Finding[]> {
  const url = metadata["token_endpoint"];
  if (typeof url !== "string") {
    return [finding("token-endpoint-unreachable", "The discovery document has no token_endpoint.")];
  }
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    // No code: the issuer must refuse it, and in that tells what it thinks of the client.
    code: "doctor",
    client_id: config.clientId,
    redirect_uri: callbackOf(origin ?? "https://localhost"),
    code_verifier: verifier,
  });
  const seen = await post(ports.look, url, form);
  const past = seen.kind === "refused" ? await (ports.open && post(ports.open, url, form)) : seen;
  if (past?.kind === "answer" && isUnknownClient(past)) {
    const problem = `The issuer does not know the client "${config.clientId}", or wants a secret of it.`;
    return [finding("client-unknown", problem)];
  }
  switch (seen.kind) {
    case "answer":
      if (seen.status < 500 && jsonOf(seen)?.["error"] !== undefined) return [];
      return [finding("token-endpoint-unreachable", `${url} answered ${seen.status}.`)];
    case "blocked":
      return [finding("csp-blocks-issuer", `The page may not ask ${url}.`)];
    case "refused": {
      const problem = `A page of the site may not read what ${url} answers: ${toldOf(seen)}.`;
      return [finding("issuer-cors-token", problem)];
    }
    case "silent":
      return [finding("token-endpoint-unreachable", `${url} did not answer: ${toldOf(seen)}.`)];
  }
}

/** RFC 6749 section 5.2. */
function isUnknownClient(answer: Answer): boolean {
  return jsonOf(answer)?.["error"] === "invalid_client";
}

function post(look: DoctorPorts["look"], url: string, form: URLSearchParams): Promise<Sight> {
  const headers = {
    Accept: "application/json",
    "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
  };
  return look(url, { method: "POST", headers, body: form.toString() });
}

/**
 * Begins a sign-in that must not ask anybody (`prompt=none`), and looks where
 * the issuer leads: back to the site with an error means that it would lead
 * back with a code, too.
 */
async function checkRedirect(
  config: SiteConfig,
  origin: string,
  metadata: Metadata,
  ports: DoctorPorts,
): Promise<Finding[]> {
  const endpoint = metadata["authorization_endpoint"];
  if (typeof endpoint !== "string" || !URL.canParse(endpoint)) return [];
  if (ports.open === undefined) return [];
  const callback = callbackOf(origin);
  const sight = await ports.open(authorizationUrl(endpoint, config, callback));
  if (sight.kind !== "answer") return [];
  const target = URL.parse(sight.headers.get("location") ?? "", endpoint);
  const error = target?.searchParams.get("error") ?? undefined;
  const isBack = target !== null && `${target.origin}${target.pathname}` === callback;
  if (isBack) return refusal(config, error);
  // A page of the issuer's own: it asks for sign-in all the same, or says what is wrong.
  const isError = sight.status >= 400 || error !== undefined;
  if (!isError && !/redirect[_ ]ur[il]/i.test(textOf(sight))) return [];
  const problem = `The issuer does not send people back to ${callback}: it answered ${sight.status} instead.`;
  return [finding("redirect-uri-refused", problem)];
}

function authorizationUrl(endpoint: string, config: SiteConfig, callback: string): string {
  const url = new URL(endpoint);
  const parameters = {
    client_id: config.clientId,
    redirect_uri: callback,
    response_type: "code",
    scope: config.scopes.join(" "),
    state: "doctor",
    nonce: "doctor",
    prompt: "none",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...(config.resource === undefined ? {} : { resource: config.resource }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function refusal(config: SiteConfig, error: string | undefined): Finding[] {
  switch (error) {
    case "invalid_scope":
      return [
        finding("scope-refused", `The issuer refused the scopes ${config.scopes.join(" ")}.`),
      ];
    case "invalid_target": {
      const resource = config.resource ?? "that it takes when none is named";
      return [finding("resource-refused", `The issuer refused the resource ${resource}.`)];
    }
    case "unauthorized_client":
    case "unsupported_response_type":
      return [finding("client-refused", `The issuer refused a sign-in of the client: ${error}.`)];
    default:
      return [];
  }
}

/** Where people come back to after a sign-in. */
function callbackOf(origin: string): string {
  return `${origin}/callback`;
}

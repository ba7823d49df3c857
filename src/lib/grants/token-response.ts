import type { AccessToken } from "../core/access-token.ts";
import { AuthError } from "../core/auth-error.ts";
import type { AuthErrorCode } from "../core/auth-error.ts";
import type { TokenResponse } from "../core/refresh-exchange.ts";

/** RFC 6749, section 5.1, only recommends `expires_in`; without it one asks again soon. */
export const assumedLifetimeSeconds = 300;

// RFC 6749, section 5.2, RFC 8707, section 2, and OpenID Connect Core, section
// 3.1.2.6. Whatever is not here is transient: nobody is signed out by a bad network.
const codes: ReadonlyMap<string, AuthErrorCode> = new Map([
  ["invalid_grant", "interaction-required"],
  ["login_required", "interaction-required"],
  ["interaction_required", "interaction-required"],
  ["consent_required", "interaction-required"],
  ["account_selection_required", "interaction-required"],
  ["invalid_client", "misconfigured"],
  ["unauthorized_client", "misconfigured"],
  ["invalid_scope", "misconfigured"],
  ["invalid_request", "misconfigured"],
  ["invalid_target", "misconfigured"],
  ["unsupported_grant_type", "misconfigured"],
  // Not of a standard: fosite says so of an assertion that it has seen before.
  ["jti_known", "misconfigured"],
]);

/** What is known of a token request when its answer comes. Times in epoch milliseconds. */
export interface AskedToken {
  /** What was asked, as the beginning of a message. */
  readonly asked: string;
  /** The scopes that were asked for: those of the answer, when it names none. */
  readonly scopes: readonly string[] | undefined;
  readonly sentAt: number;
  readonly now: number;
}

/**
 * Judges the answer of a token endpoint (RFC 6749, section 5). Throws
 * `interaction-required` and `misconfigured` only for the errors that the
 * standards name, and `unavailable` for everything else. No error holds any part
 * of a body but the OAuth error and its description.
 *
 * An ID token in the answer is not looked at. These grants sign nobody in, its
 * times are those of another clock, and a wrong clock must not cost the refresh
 * token that came in the same answer.
 */
export async function judgeTokenResponse(
  response: Response,
  request: AskedToken,
): Promise<TokenResponse> {
  const body = await readJson(response);
  if (response.status === 200 && body !== undefined) {
    const answer = readAnswer(body, request);
    if (answer !== undefined) return answer;
  }
  throw failureOf(response, body, request);
}

type Json = Readonly<Record<string, unknown>>;

async function readJson(response: Response): Promise<Json | undefined> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? { ...body } : undefined;
  } catch {
    // A login page of a network, or half an answer: the caller says what it means.
    return undefined;
  }
}

function readAnswer(body: Json, { scopes, sentAt }: AskedToken): TokenResponse | undefined {
  const { access_token: value, refresh_token: refreshToken, scope } = body;
  const type = readType(body["token_type"]);
  const lifetimeSeconds = Number(body["expires_in"] ?? assumedLifetimeSeconds);
  if (typeof value !== "string" || value === "" || type === undefined) return undefined;
  if (!Number.isFinite(lifetimeSeconds)) return undefined;
  const granted = typeof scope === "string" ? scope.split(" ").filter(Boolean) : scopes;
  return {
    accessToken: { value, type, expiresAt: sentAt + lifetimeSeconds * 1000, scopes: granted ?? [] },
    refreshToken: typeof refreshToken === "string" ? refreshToken : undefined,
    idToken: undefined,
  };
}

// RFC 6749, section 5.1: the type is not case-sensitive.
function readType(type: unknown): AccessToken["type"] | undefined {
  const name = typeof type === "string" ? type.toLowerCase() : undefined;
  return name === "bearer" ? "Bearer" : name === "dpop" ? "DPoP" : undefined;
}

function failureOf(
  { status, headers }: Response,
  body: Json | undefined,
  { asked, now }: AskedToken,
): AuthError {
  const { error, error_description: description } = body ?? {};
  const oauthError = typeof error === "string" ? error : undefined;
  const busy = status === 429 || status >= 500;
  const known = busy ? undefined : codes.get(oauthError ?? "");
  const told = [
    oauthError,
    typeof description === "string" ? `"${hideSecrets(description)}"` : undefined,
  ];
  const words = [status, ...told.filter((word) => word !== undefined)].join(" ");
  const foreign = oauthError === undefined && !busy;
  const retryAt = readRetryAfter(headers.get("retry-after"), now);
  return new AuthError(
    known ?? "unavailable",
    `${asked}: it answered ${words}${foreign ? ", which is not a token endpoint's answer" : ""}.`,
    {
      status,
      ...(oauthError === undefined ? {} : { oauthError }),
      ...(retryAt === undefined ? {} : { retryAt }),
      // Something may have been carried out whose answer was damaged on the way.
      ...(status === 200 ? { ambiguous: true } : {}),
    },
  );
}

// An issuer may repeat the token that it refuses; no other word is that long.
function hideSecrets(text: string): string {
  return text.replaceAll(/[\w.~+/=-]{24,}/g, "…");
}

// RFC 9110, section 10.2.3: seconds, or a date.
function readRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const at = /^\d+$/.test(text) ? now + Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

import { AuthError } from "../../../src/lib/core/auth-error.ts";
import type { Fetch } from "../../../src/lib/core/ports.ts";
import type { RefreshExchange, TokenResponse } from "../../../src/lib/core/refresh-exchange.ts";
import type { Issued } from "./issuer.ts";
import type { Tab } from "./tab.ts";
import type { Answer, TokenEndpoint } from "./token-endpoint.ts";

/** Where the token endpoint of the model is. */
export const tokenUrl = "https://issuer.example/token";

/** The exchange as the grants make it, without HTTP: ten times as fast. */
export function createDirectExchange(
  tab: Tab,
  endpoint: TokenEndpoint,
  lifetimeMs: number,
): RefreshExchange {
  return async ({ refreshToken, scopes, signal }) => {
    const sentAt = tab.now();
    const answer = await endpoint.send({ tab, refreshToken, scopes, signal });
    if (answer.type !== "tokens") throw toAuthError(answer, tab.now());
    return toTokenResponse(answer.issued, sentAt + lifetimeMs);
  };
}

/** A `fetch` that reaches the token endpoint, for the real grant. */
export function createEndpointFetch(tab: Tab, endpoint: TokenEndpoint, lifetimeMs: number): Fetch {
  return async (_url, init) => {
    const body = init?.body instanceof URLSearchParams ? init.body : new URLSearchParams();
    const refreshToken = body.get("refresh_token") ?? "";
    const scopes = body.get("scope")?.split(" ");
    const signal = init?.signal ?? new AbortController().signal;
    const sentAt = tab.now();
    const answer = await endpoint.send({ tab, refreshToken, scopes, signal });
    if (answer.type === "broken") throw new TypeError("fetch failed");
    if (answer.type === "tokens") answer.issued.access.clientExpiresAt = sentAt + lifetimeMs;
    return toResponse(answer, lifetimeMs);
  };
}

/** What a tab makes of tokens that it was given. */
export function toTokenResponse(issued: Issued, expiresAt: number): TokenResponse {
  const { access, refreshToken } = issued;
  access.clientExpiresAt = expiresAt;
  const { value, scopes } = access;
  return {
    accessToken: { value, type: "Bearer", expiresAt, scopes },
    refreshToken,
    idToken: undefined,
  };
}

function toAuthError(answer: Exclude<Answer, { type: "tokens" }>, now: number): AuthError {
  switch (answer.type) {
    case "oauth-error": {
      const { error: oauthError, status } = answer;
      const code = oauthError === "invalid_grant" ? "interaction-required" : "misconfigured";
      return new AuthError(code, `The issuer answered ${oauthError}.`, { oauthError, status });
    }
    case "status": {
      const { status, retryAfterSeconds } = answer;
      const retryAt = retryAfterSeconds === undefined ? undefined : now + retryAfterSeconds * 1000;
      const details = retryAt === undefined ? { status } : { status, retryAt };
      return new AuthError("unavailable", `The issuer answered ${status}.`, details);
    }
    case "garbage":
    case "broken":
      return new AuthError("unavailable", "No answer.", { ambiguous: true });
  }
}

function toResponse(answer: Exclude<Answer, { type: "broken" }>, lifetimeMs: number): Response {
  switch (answer.type) {
    case "tokens": {
      const { access, refreshToken } = answer.issued;
      return Response.json({
        access_token: access.value,
        token_type: "bearer",
        expires_in: lifetimeMs / 1000,
        scope: access.scopes.join(" "),
        ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      });
    }
    case "oauth-error":
      return Response.json({ error: answer.error }, { status: answer.status });
    case "status": {
      const { status, retryAfterSeconds } = answer;
      const headers =
        retryAfterSeconds === undefined ? {} : { "retry-after": `${retryAfterSeconds}` };
      return new Response("busy", { status, headers });
    }
    case "garbage":
      return new Response("<html>Welcome to our network</html>", {
        headers: { "content-type": "text/html" },
      });
  }
}

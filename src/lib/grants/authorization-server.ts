import {
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  JSON_ATTRIBUTE_COMPARISON,
  OperationProcessingError,
  processDiscoveryResponse,
} from "oauth4webapi";
import type { AuthorizationServer, CustomFetchOptions } from "oauth4webapi";
import { isLoopback } from "../core/allowed-origins.ts";
import { AuthError } from "../core/auth-error.ts";
import type { AuthErrorDetails } from "../core/auth-error.ts";
import type { Fetch } from "../core/ports.ts";

/** Where the token endpoint is: discovered from the issuer, or named. */
export type ServerLocation =
  | {
      /** The issuer identifier, whose metadata names the endpoint (RFC 8414). */
      readonly issuer: string;
      readonly tokenUrl?: undefined;
    }
  | {
      /** The address of the token endpoint (RFC 6749, section 3.2). */
      readonly tokenUrl: string;
      readonly issuer?: undefined;
    };

/** Finds the metadata of an authorization server; asks for it once. */
export type ResolveServer = (signal: AbortSignal) => Promise<AuthorizationServer>;

/** The options that every request to the server takes. */
export function httpOptions(fetch: Fetch, url: string, signal: AbortSignal) {
  return {
    signal,
    [customFetch]: (input: string, init: CustomFetchOptions<string, BodyInit | undefined>) => {
      const { body, ...rest } = init;
      return fetch(input, body === undefined ? rest : { ...rest, body });
    },
    [allowInsecureRequests]: isLoopback(new URL(url).hostname),
  };
}

/**
 * Remembers the metadata once it is there. Only settled metadata is shared: a
 * worker must not wait for another request's promise.
 */
export function createServerResolver(location: ServerLocation, fetch: Fetch): ResolveServer {
  const { tokenUrl, issuer } = location;
  if (tokenUrl !== undefined) {
    const server = { issuer: assertUrl("tokenUrl", tokenUrl).origin, token_endpoint: tokenUrl };
    return () => Promise.resolve(server);
  }
  assertUrl("issuer", issuer);
  let known: AuthorizationServer | undefined;
  return async (signal) => {
    known ??= await discover(issuer, fetch, signal);
    return known;
  };
}

async function discover(
  issuer: string,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<AuthorizationServer> {
  const asked = `Asked ${issuer} for its metadata`;
  let response: Response;
  try {
    response = await discoveryRequest(new URL(issuer), httpOptions(fetch, issuer, signal));
  } catch (cause) {
    throw noAnswer(asked, cause, signal, {});
  }
  try {
    return await processDiscoveryResponse(new URL(issuer), response);
  } catch (cause) {
    const { status } = response;
    // A network's login page, or a gateway without its issuer, is gone in a while. The name of
    // another issuer stays.
    const named =
      cause instanceof OperationProcessingError && cause.code === JSON_ATTRIBUTE_COMPARISON;
    const hint = named ? "Check the address, to the letter." : "It can be asked again.";
    throw new AuthError(
      named ? "misconfigured" : "unavailable",
      `${asked}: it answered ${status}, which is not the metadata of this issuer. ${hint}`,
      { status, cause },
    );
  }
}

/** The error of a request without an answer: that of its deadline, or one that waiting helps. */
export function noAnswer(
  asked: string,
  cause: unknown,
  signal: AbortSignal,
  details: AuthErrorDetails,
): AuthError {
  if (signal.aborted && signal.reason instanceof AuthError) return signal.reason;
  if (cause instanceof AuthError) return cause;
  const name = cause instanceof Error ? cause.name : typeof cause;
  const message = `${asked}: no answer (${name}). It can be tried again.`;
  return new AuthError("unavailable", message, { ...details, cause });
}

/** Throws `misconfigured` for an address that secrets must not be sent to. */
export function assertUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && !isLoopback(url.hostname))) {
    throw new AuthError("misconfigured", `${name} must be an https address, but is "${text}".`);
  }
  return url;
}

import { Code, ConnectError, createContextKey } from "@connectrpc/connect";
import type { ContextKey, ContextValues } from "@connectrpc/connect";

/** Who makes a call, taken from a verified access token. */
export interface Principal {
  /** The `iss` of the token. `subject` is unique only within it. */
  readonly issuer: string;
  /** The `sub`: the person, or the client when it acts for itself. */
  readonly subject: string;
  /** The client that was given the token; some issuers do not say. */
  readonly clientId: string | undefined;
  /** The scopes of the token. */
  readonly scopes: readonly string[];
  /** How the person signed in (RFC 9470), if the issuer says so. */
  readonly acr: string | undefined;
  /** When the person signed in, in epoch milliseconds, if the issuer says so. */
  readonly authTime: number | undefined;
  /** The `jti` of the token, or what the issuer has in its place. */
  readonly tokenId: string | undefined;
  /** When the token expires, in epoch milliseconds. */
  readonly expiresAt: number;
  /** Every claim of the token, verified together. Shared between calls: read only. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Where the gate leaves the principal: `contextValues.get(principalKey)`. */
export const principalKey: ContextKey<Principal | undefined> = createContextKey<
  Principal | undefined
>(undefined, { description: "connectrpc-oauth principal" });

/**
 * The principal of a call: `getPrincipal(context.values)` in a handler. Throws
 * a `ConnectError` (`internal`) when there is none, which happens in public
 * methods and in a server that runs without the gate.
 */
export function getPrincipal(contextValues: ContextValues): Principal {
  const principal = contextValues.get(principalKey);
  if (principal !== undefined) return principal;
  throw new ConnectError(
    "A handler asked who makes the call, and nobody was verified: the method is public, or the server runs without the token gate.",
    Code.Internal,
  );
}

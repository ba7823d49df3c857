import type { IncomingMessage, ServerResponse } from "node:http";
import type { DatabaseSync } from "node:sqlite";
import type { JSONWebKeySet } from "jose";

/** What an issuer is made of. */
export interface IssuerOptions {
  /** The issuer identifier (RFC 8414 §2): scheme, host and port, no path. */
  readonly url: string;
  /** An open database with the issuer's tables (see `openDatabase`); the issuer does not close it. */
  readonly database: DatabaseSync;
  /** An existing folder for keys and cookie secrets, which must outlive restarts. */
  readonly dataDir: string;
  /** The resource indicator (RFC 8707) and audience of the one API that tokens are for. */
  readonly apiResource: string;
  /** Where the dashboard runs: `/callback` is its redirect URI, `/` where sign-out ends. */
  readonly dashboardUrl: string;
  /** One lifetime in seconds for all access tokens, instead of each client's own. */
  readonly accessTokenTtlSeconds?: number;
  /**
   * How long a used refresh token is accepted again while its successor is unused, for a client that never got the
   * answer; 0, never, unless told.
   */
  readonly replayGraceSeconds?: number;
  /** Demo people, the client with the well-known secret, and `/demo/*`. Only for a loopback address. */
  readonly demo: boolean;
  /** Milliseconds since the epoch; `Date.now` unless told. */
  readonly now?: () => number;
  /** Told of every failure that is the issuer's own; prints to the error output unless told. */
  readonly reportError?: (error: unknown) => void;
}

/** A running OpenID provider, to be mounted into an HTTP server. */
export interface Issuer {
  /** Answers one request, whatever its path. Never throws. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** The public signing keys, as `/jwks` serves them: the current one, the next one and the retired ones. */
  keys(): JSONWebKeySet;
  /** Ends the issuer's housekeeping. */
  close(): void;
}

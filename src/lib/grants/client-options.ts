import { ClientSecretBasic, ClientSecretPost, None, PrivateKeyJwt } from "oauth4webapi";
import type { ClientAuth, CryptoKey } from "oauth4webapi";
import { AuthError } from "../core/auth-error.ts";
import type { Clock, Fetch } from "../core/ports.ts";

/** How a client shows who it is (RFC 6749, section 2.3; RFC 7523, section 2.2). */
export type ClientAuthentication =
  "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "none";

/** What every grant is told of the client. */
export interface ClientOptions {
  readonly clientId: string;
  /** For `client_secret_basic` and `client_secret_post`. */
  readonly clientSecret?: string;
  /** For `private_key_jwt`: the key, and its `kid` when the issuer needs it. */
  readonly privateKey?: { readonly key: CryptoKey; readonly kid?: string };
  /**
   * By default `client_secret_basic` with a secret, `private_key_jwt` with a key,
   * and `none` without either.
   */
  readonly clientAuthentication?: ClientAuthentication;
  /** The `fetch` to use, for example one with a private CA. */
  readonly fetch?: Fetch;
  readonly clock?: Clock;
}

/** The client authentication of the options; throws `misconfigured` when a part is missing. */
export function readClientAuth(options: ClientOptions): ClientAuth {
  const { clientSecret, privateKey } = options;
  const method = options.clientAuthentication ?? defaultMethod(options);
  switch (method) {
    case "none":
      return None();
    case "private_key_jwt":
      if (privateKey === undefined) throw missing(method, "privateKey");
      return PrivateKeyJwt(privateKey);
    case "client_secret_basic":
    case "client_secret_post":
      if (clientSecret === undefined) throw missing(method, "clientSecret");
      return method === "client_secret_post"
        ? ClientSecretPost(clientSecret)
        : ClientSecretBasic(clientSecret);
  }
}

function defaultMethod({ clientSecret, privateKey }: ClientOptions): ClientAuthentication {
  if (clientSecret !== undefined) return "client_secret_basic";
  return privateKey === undefined ? "none" : "private_key_jwt";
}

function missing(method: ClientAuthentication, option: string): AuthError {
  return new AuthError("misconfigured", `${method} needs the option ${option}, which is missing.`);
}

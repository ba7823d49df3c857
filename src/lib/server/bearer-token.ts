import { createContextKey, createContextValues } from "@connectrpc/connect";
import type { ContextKey, ContextValues } from "@connectrpc/connect";
import { Refusal } from "./refusal.ts";

const maxTokenLength = 16_384;

const authorizationCountKey: ContextKey<number> = createContextKey(0, {
  description: "connectrpc-oauth number of Authorization headers",
});

/** The part of a Node.js request that shows header fields as they came. */
export interface RawHeaders {
  readonly rawHeaders: readonly string[];
}

/**
 * Context values that know how many `Authorization` fields a request had: Node
 * keeps the first of them and drops the others without a word.
 */
export function countAuthorization(request: RawHeaders): ContextValues {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
  const count = names.filter((name) => name.toLowerCase() === "authorization").length;
  return createContextValues().set(authorizationCountKey, count);
}

/**
 * The one bearer token of a request (RFC 6750, section 2.1; the scheme in any
 * case). Throws a `Refusal` when there is none, another scheme, or several.
 */
export function readBearerToken(header: Headers, values: ContextValues): string {
  const authorization = header.get("authorization");
  if (authorization === null || authorization === "") {
    throw new Refusal("CREDENTIALS_MISSING", "header");
  }
  if (values.get(authorizationCountKey) > 1) throw unsupported();
  const space = authorization.indexOf(" ");
  const scheme = space < 0 ? authorization : authorization.slice(0, space);
  if (scheme.toLowerCase() !== "bearer") throw unsupported();
  const token = space < 0 ? "" : authorization.slice(space).trimStart();
  if (token.length > maxTokenLength) throw new Refusal("ACCESS_TOKEN_INVALID", "format");
  if (!/^[\w.~+/-]+=*$/.test(token)) throw unsupported();
  return token;
}

function unsupported(): Refusal {
  return new Refusal("ACCESS_TOKEN_TYPE_UNSUPPORTED", "header");
}

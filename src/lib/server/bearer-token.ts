import { createContextKey, createContextValues } from "@connectrpc/connect";
import type { ContextKey, ContextValues } from "@connectrpc/connect";
import { Refusal } from "./refusal.ts";

const maxTokenLength = 16_384;

const severalKey: ContextKey<boolean> = createContextKey(false, {
  description: "connectrpc-oauth several Authorization headers",
});

/** The part of a Node.js request that shows header fields as they came. */
export interface RawHeaders {
  readonly rawHeaders: readonly string[];
}

/**
 * Context values that know whether a request had several `Authorization`
 * fields: Node keeps the first of them and drops the others without a word.
 */
export function noteSeveralAuthorizations(request: RawHeaders): ContextValues {
  const values = createContextValues();
  let count = 0;
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    if (request.rawHeaders[index]?.toLowerCase() === "authorization") count += 1;
  }
  return count > 1 ? values.set(severalKey, true) : values;
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
  if (values.get(severalKey)) throw unsupported();
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

import { UnexpectedStatus, fetchJson } from "./fetch-json.ts";
import type { FetchJsonOptions } from "./fetch-json.ts";

/**
 * Where the keys of `issuer` are: `jwks_uri` of its metadata, found by OpenID
 * Connect Discovery (section 4) or, when that does not exist, by RFC 8414
 * (section 3). Rejects when the metadata is another issuer's.
 */
export async function discoverJwksUri(issuer: string, options: FetchJsonOptions): Promise<URL> {
  const metadata = await fetchMetadata(issuer, options);
  if (typeof metadata !== "object" || metadata === null) {
    throw new Error(`The metadata of ${issuer} is no object.`);
  }
  if (!("issuer" in metadata) || metadata.issuer !== issuer) {
    throw new Error(`The metadata at ${issuer} belongs to another issuer.`);
  }
  if (!("jwks_uri" in metadata) || typeof metadata.jwks_uri !== "string") {
    throw new Error(`The metadata of ${issuer} has no jwks_uri.`);
  }
  return secureUrl(metadata.jwks_uri);
}

async function fetchMetadata(issuer: string, options: FetchJsonOptions): Promise<unknown> {
  const url = secureUrl(issuer);
  const path = url.pathname.replace(/\/$/, "");
  try {
    const address = new URL(`${path}/.well-known/openid-configuration`, url);
    return await fetchJson(address, options);
  } catch (reason) {
    if (!(reason instanceof UnexpectedStatus) || reason.status !== 404) throw reason;
    return await fetchJson(new URL(`/.well-known/oauth-authorization-server${path}`, url), options);
  }
}

/** The address, when keys may be fetched from it. Throws a `TypeError` otherwise. */
export function secureUrl(address: string): URL {
  const url = URL.parse(address);
  if (url === null) throw new TypeError(`"${address}" is no address. Give an absolute URL.`);
  const { protocol, hostname } = url;
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === "https:" || (protocol === "http:" && isLoopback)) return url;
  throw new TypeError(
    `Keys cannot be fetched from ${url.origin}: use https (http only on loopback).`,
  );
}

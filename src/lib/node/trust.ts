import { X509Certificate } from "node:crypto";
import { Agent } from "node:https";
import * as tls from "node:tls";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Interceptor } from "@connectrpc/connect";
import { AuthError } from "../core/auth-error.ts";
import type { Fetch } from "../core/ports.ts";
import { findCertificateError } from "./certificate-error.ts";
import { createHttpsFetch } from "./https-fetch.ts";

/** One or more certificates as PEM: the text, or the bytes of a file. */
export type CertificateAuthority = string | Uint8Array;

/** Options of {@link trust}. */
export interface TrustOptions {
  /** Authorities to trust beside those of the system; none means only those. */
  readonly ca?: CertificateAuthority | readonly CertificateAuthority[];
}

/** How to reach servers whose certificates come from a private authority. */
export interface Trust {
  /**
   * For a grant's `fetch`. Rejects with an `AuthError`, `misconfigured`, that
   * names the host when its certificate is not accepted. Follows no redirects.
   */
  readonly fetch: Fetch;
  /** For the `nodeOptions` of a transport of `@connectrpc/connect-node`. */
  readonly nodeOptions: { readonly ca: string[] };
  /**
   * For the `interceptors` of that transport, as the last one: names the host
   * when its certificate is not accepted (FAILED_PRECONDITION, with an
   * `AuthError` as its cause).
   */
  readonly interceptor: Interceptor;
}

/**
 * Trusts private certificate authorities, for this `fetch` and these transports
 * only. Token endpoint and API may have different ones: call it once for each.
 * Throws `misconfigured` when `ca` holds no certificate.
 */
export function trust({ ca = [] }: TrustOptions = {}): Trust {
  const authorities = [ca].flat().map(readAuthority);
  const all = [...systemAuthorities(), ...authorities];
  let agent: Agent | undefined;
  return {
    fetch: (input, init) => {
      agent ??= new Agent({ secureContext: tls.createSecureContext({ ca: all }) });
      return createHttpsFetch(agent)(input, init);
    },
    nodeOptions: { ca: all },
    interceptor: (next) => async (request) => {
      try {
        return await next(request);
      } catch (reason) {
        throw explain(reason, request.url);
      }
    },
  };
}

// Before Node 22.15 NODE_EXTRA_CA_CERTS cannot be read back: name those authorities in `ca`.
function systemAuthorities(): readonly string[] {
  const read: typeof tls.getCACertificates | undefined = tls.getCACertificates;
  return read?.("default") ?? tls.rootCertificates;
}

function readAuthority(ca: CertificateAuthority): string {
  const pem = typeof ca === "string" ? ca : Buffer.from(ca).toString("latin1");
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (certificates?.every(isCertificate) === true) return certificates.join("\n");
  throw new AuthError(
    "misconfigured",
    "The certificate authority is not PEM (-----BEGIN CERTIFICATE-----). Give the text of the file, not its name.",
  );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function explain(reason: unknown, url: string): unknown {
  const error = findCertificateError(reason, url);
  if (error === undefined) return reason;
  return new ConnectError(error.message, Code.FailedPrecondition, undefined, undefined, error);
}

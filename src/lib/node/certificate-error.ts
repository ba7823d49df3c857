import { AuthError } from "../core/auth-error.ts";

// What Node calls a chain that does not verify ("X509 certificate error codes"),
// and a certificate that is for another name.
const untrusted: ReadonlySet<string> = new Set([
  "CERT_CHAIN_TOO_LONG",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
const unusable: ReadonlySet<string> = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
]);

/**
 * What to say of a server's certificate when it is the reason, or among the
 * causes of the reason, that a connection failed: `misconfigured`, naming the
 * host. Otherwise `undefined`.
 */
export function findCertificateError(reason: unknown, url: string): AuthError | undefined {
  let current = reason;
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    const code = "code" in current ? String(current.code) : "";
    if (untrusted.has(code)) return describe(url, current, code, "Trust its authority with `ca`.");
    if (unusable.has(code)) return describe(url, current, code, "The server needs another one.");
    current = current.cause;
  }
  return undefined;
}

function describe(url: string, cause: Error, code: string, remedy: string): AuthError {
  const { host } = new URL(url);
  // What follows is advice of Node about the whole process.
  const [reason] = cause.message.split("; ");
  const message = `The certificate of ${host} is not accepted (${code}: ${reason}). ${remedy}`;
  return new AuthError("misconfigured", message, { cause });
}

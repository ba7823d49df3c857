import { AuthError } from "./auth-error.ts";

/**
 * The origins that tokens may go to. Throws `misconfigured` for an entry that
 * is no origin, or that is plain http to another machine while that is not
 * allowed: everybody on the way could read the token (RFC 6750, section 5.3).
 */
export function parseOrigins(origins: readonly string[], allowPlainHttp: boolean): Set<string> {
  if (origins.length === 0) throw misconfigured("The list of origins is empty.");
  return new Set(origins.map((origin) => parseOrigin(origin, allowPlainHttp)));
}

/** Throws `origin-not-allowed` when the call would take a token elsewhere. */
export function assertAllowed(url: string, origins: ReadonlySet<string>): void {
  const origin = URL.canParse(url) ? new URL(url).origin : undefined;
  if (origins.has(origin ?? "")) return;
  throw new AuthError(
    "origin-not-allowed",
    origin === undefined
      ? "The call has no absolute address. Give the transport a baseUrl with scheme and host."
      : `The call goes to ${origin}, which is not in \`origins\`. Add it there if it is your API.`,
  );
}

/** Whether a host name means this machine (RFC 8252, section 8.3; RFC 6761, section 6.3). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

function parseOrigin(text: string, allowPlainHttp: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.href !== `${url.origin}/`) {
    throw misconfigured(`"${text}" is not an origin such as "https://api.example.com".`);
  }
  if (url.protocol !== "https:" && !allowPlainHttp && !isLoopback(url.hostname)) {
    throw misconfigured(
      `"${text}" is not https, so everybody on the way could read the token. ` +
        "Use https, or set dangerouslyAllowPlainHttp.",
    );
  }
  return url.origin;
}

function misconfigured(message: string): AuthError {
  return new AuthError("misconfigured", message);
}

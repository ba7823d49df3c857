import { isLoopback } from "./addresses.ts";
import type { SiteConfig } from "./config.ts";
import { matchesPath } from "./routing.ts";

/** How long a path may be kept by browsers and proxies. */
export interface CacheRule {
  /** A path, or a folder ending in `/*`. */
  readonly path: string;
  readonly cacheControl: string;
}

/** What an answer adds to the table. */
export interface SiteHeaderOptions {
  /** Whether nothing is served at the path: the answer is a 404 and must not be kept. */
  readonly missing?: boolean;
  /** Whether the site itself is served on this machine; by default when its issuer is. */
  readonly loopback?: boolean;
}

/**
 * The first rule that matches a path holds. Hashed assets never change; all
 * else is asked for again, and the callback, whose address carries a code, is
 * never stored.
 */
export const cacheRules: readonly CacheRule[] = [
  { path: "/assets/*", cacheControl: "public, max-age=31536000, immutable" },
  { path: "/callback", cacheControl: "no-store" },
  { path: "/*", cacheControl: "no-cache" },
];

/**
 * Every header of the answer to `path` apart from those of its content (type,
 * length, encoding, entity tag). `path` is the pathname of the request.
 */
export function siteHeaders(
  config: SiteConfig,
  path: string,
  options: SiteHeaderOptions = {},
): Record<string, string> {
  const { missing = false, loopback = isLoopback(config.issuer) } = options;
  return {
    "Content-Security-Policy": contentSecurityPolicy(config),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy":
      "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-write=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    ...(loopback ? {} : { "Strict-Transport-Security": "max-age=63072000; includeSubDomains" }),
    "Cache-Control": missing ? "no-store" : cacheControl(path),
  };
}

/**
 * The page runs its own files only, talks to the issuer and the API only, and
 * no string becomes code (Trusted Types). `'self'` in `connect-src` is for
 * `config.json`.
 */
export function contentSecurityPolicy(config: SiteConfig): string {
  const origins = [config.issuer, config.apiBaseUrl].map((url) => new URL(url).origin);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    ["connect-src 'self'", ...new Set(origins)].join(" "),
    "form-action 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function cacheControl(path: string): string {
  const rule = cacheRules.find((candidate) => matchesPath(candidate.path, path));
  return rule?.cacheControl ?? "no-cache";
}

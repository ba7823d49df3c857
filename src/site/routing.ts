/** What a static host answers a path with. */
export type SiteRoute =
  /** The file at `path`. */
  | { readonly kind: "file"; readonly path: string }
  /** The page: the address is one of the application's own. */
  | { readonly kind: "page"; readonly path: "/index.html" }
  /** A 404. */
  | { readonly kind: "missing" };

const missing: SiteRoute = { kind: "missing" };
const page: SiteRoute = { kind: "page", path: "/index.html" };

/**
 * Decides what is served at `path` (the pathname of a request, still
 * percent-encoded). `files` holds the paths of the files that exist, each
 * beginning with `/`. A missing asset is missing, never the page: a browser
 * would keep HTML as the script it asked for. `/users/j.doe` is an address of
 * the application; `/robots.txt` is a file that is not there.
 */
export function resolveSitePath(path: string, files: ReadonlySet<string>): SiteRoute {
  const decoded = decode(path);
  if (decoded === undefined || decoded.includes("\\") || decoded.includes("\0")) return missing;
  const segments = decoded.split("/").slice(1);
  if (!decoded.startsWith("/") || segments.some(isDots)) return missing;
  const first = segments[0] ?? "";
  // Hidden folders (Vite's manifest, .well-known) and source maps are not published.
  if (first.startsWith(".")) return missing;
  if (decoded === "/" || decoded === "/index.html") return page;
  if (files.has(decoded))
    return decoded.endsWith(".map") ? missing : { kind: "file", path: decoded };
  if (first === "" || first === "assets" || (segments.length === 1 && first.includes(".")))
    return missing;
  return page;
}

function isDots(segment: string): boolean {
  return segment === "." || segment === "..";
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** What a static host answers a path with. */
export type SiteRoute =
  /** The file at `path`. */
  | { readonly kind: "file"; readonly path: string }
  /** The page: the address is one of the application's own. */
  | { readonly kind: "page"; readonly path: "/index.html" }
  /** A 404. */
  | { readonly kind: "missing" };

/**
 * The addresses of the application: paths, and folders ending in `/*`. Every
 * other one that is no file is a 404, because not every host could tell a
 * missing script from an unknown address.
 */
export const pagePaths: readonly string[] = [
  "/",
  "/index.html",
  "/callback",
  "/doctor",
  "/many",
  "/users/*",
];

const missing: SiteRoute = { kind: "missing" };
const page: SiteRoute = { kind: "page", path: "/index.html" };

/**
 * Decides what is served at `path` (the pathname of a request, still
 * percent-encoded). `files` holds the paths of the files that exist, each
 * beginning with `/`. A missing asset is missing, never the page: a browser
 * would keep HTML as the script it asked for.
 */
export function resolveSitePath(path: string, files: ReadonlySet<string>): SiteRoute {
  const decoded = decode(path);
  if (decoded === undefined || decoded.includes("\\") || decoded.includes("\0")) return missing;
  const segments = decoded.split("/").slice(1);
  if (!decoded.startsWith("/") || segments.some(isDots)) return missing;
  const first = segments[0] ?? "";
  // Hidden folders (Vite's manifest, .well-known) and source maps are not published.
  if (first.startsWith(".")) return missing;
  if (pagePaths.some((pattern) => matchesPath(pattern, decoded))) return page;
  if (decoded.endsWith(".map") || !files.has(decoded)) return missing;
  return { kind: "file", path: decoded };
}

/** Whether `path` is `pattern`, or lies in its folder when it ends in `/*`. */
export function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith("/*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
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

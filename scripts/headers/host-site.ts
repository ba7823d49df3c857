import { pagePaths, siteHeaders } from "../../src/site/index.ts";
import type { SiteConfig } from "../../src/site/index.ts";

/** What the files for a host are written from. */
export interface HostSite {
  readonly config: SiteConfig;
  /** The paths of the files of the build, for example `/assets/index-1a2b.js`. */
  readonly files: readonly string[];
}

/** A file for a host. */
export interface HostFile {
  /** Relative to the folder that is written. */
  readonly name: string;
  readonly text: string;
}

/** What every host that makes its files public shows where nothing is. */
export const missingPage: HostFile = {
  name: "404.html",
  text: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>Not found</title>
  </head>
  <body>
    <h1>There is nothing at this address</h1>
    <p><a href="/">To the search</a></p>
  </body>
</html>
`,
};

/** The headers that are the same for every answer: all but `Cache-Control`. */
export function commonHeaders(config: SiteConfig): [name: string, value: string][] {
  return Object.entries(siteHeaders(config, "/")).filter(([name]) => name !== "Cache-Control");
}

/** The `Cache-Control` of what is served at `path`, or of nothing being there. */
export function cacheControl(config: SiteConfig, path: string, missing = false): string {
  const value = siteHeaders(config, path, { missing })["Cache-Control"];
  if (value === undefined) throw new Error(`The table has no Cache-Control for ${path}.`);
  return value;
}

/** Each pattern of the application's addresses with its `Cache-Control`. */
export function pageRules(config: SiteConfig): { pattern: string; cacheControl: string }[] {
  return pagePaths.map((pattern) => ({
    pattern,
    cacheControl: cacheControl(config, pattern.replace("*", "any")),
  }));
}

/** The patterns of the application's addresses at which no file is. */
export const deepLinks: readonly string[] = pagePaths.filter(
  (path) => path !== "/" && path !== "/index.html",
);

/** Whether a file may be published: no hidden folder, no source map, no file of a host. */
export function isPublished(path: string): boolean {
  return !/^\/[._]|\.map$|^\/404\.html$/.test(path);
}

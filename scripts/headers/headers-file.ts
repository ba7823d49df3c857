import { cacheControl, commonHeaders, isPublished, pageRules } from "./host-site.ts";
import type { HostSite } from "./host-site.ts";

/**
 * The `_headers` file that Netlify and Cloudflare read. Where two rules match,
 * one host lets the last win and the other joins the values; so no two rules
 * that match the same path name the same header. Both hosts give a 404 the
 * headers of its path too, which would keep a missing script for a year; so
 * `immutable` stands at each asset by its name, and not at their folder. `extra`
 * are lines for every path.
 */
export function headersFile(site: HostSite, extra: readonly string[]): string {
  const { config, files } = site;
  const everywhere = [
    ...extra,
    ...commonHeaders(config).map(([name, value]) => `${name}: ${value}`),
  ];
  const pages = pageRules(config);
  // It is written beside them, also where the build has none.
  const own = [...new Set([...files, "/config.json"])]
    .filter((path) => isPublished(path) && !pages.some(({ pattern }) => pattern === path))
    .map((path) => ({ pattern: path, cacheControl: cacheControl(config, path) }));
  return [
    rule("/*", everywhere),
    ...[...pages, ...own].map((each) =>
      rule(each.pattern, [`Cache-Control: ${each.cacheControl}`]),
    ),
  ].join("");
}

function rule(path: string, lines: readonly string[]): string {
  return [path, ...lines.map((line) => `  ${line}`), ""].join("\n");
}

import { cacheControl, commonHeaders, pageRules } from "./host-site.ts";
import type { HostFile, HostSite } from "./host-site.ts";

/**
 * `user-lookup.caddy`, to be imported in a site block that names the `root`.
 * `route` keeps the order of what is in it, and of its `handle` blocks only the
 * first that matches is taken. A block that takes a header away is carried out
 * when a handler answers, and so never for an error of the server itself: what
 * is taken away stands alone.
 */
export function caddyFiles(site: HostSite): HostFile[] {
  const { config } = site;
  const pages = new Map<string, string[]>();
  for (const { pattern, cacheControl: value } of pageRules(config)) {
    pages.set(value, [...(pages.get(value) ?? []), pattern]);
  }
  const handles = [
    ...[...pages].map(([value, patterns], index) => ({
      matcher: [`@page${index} path ${patterns.join(" ")}`],
      name: `@page${index}`,
      lines: [header(value), "rewrite * /index.html", "file_server"],
    })),
    {
      matcher: ["@hidden path_regexp (^/\\.|\\.map$)"],
      name: "@hidden",
      lines: missing(config),
    },
    {
      matcher: ["@asset {", "\tpath /assets/*", "\tfile", "}"],
      name: "@asset",
      lines: [header(cacheControl(config, "/assets/any")), "file_server"],
    },
    {
      matcher: ["@file file"],
      name: "@file",
      lines: [header(cacheControl(config, "/any")), "file_server"],
    },
    { matcher: [], name: "", lines: missing(config) },
  ];
  const text = [
    head,
    ...block(
      "header",
      commonHeaders(config).map(([name, value]) => `${name} "${value}"`),
    ),
    "header -Server",
    ...handles.flatMap(({ matcher }) => matcher),
    ...block(
      "route",
      handles.flatMap(({ name, lines }) => block(`handle ${name}`.trim(), lines)),
    ),
    "",
  ];
  return [{ name: "user-lookup.caddy", text: text.join("\n") }];
}

const head = `# Import this in a site block that names the folder of the site:
#   lookup.example.com {
#     root * /srv/user-lookup
#     import user-lookup.caddy
#   }
encode zstd gzip`;

function missing(config: HostSite["config"]): string[] {
  return [
    header(cacheControl(config, "/", true)),
    'respond "There is nothing at this address." 404',
  ];
}

function header(value: string): string {
  return `header Cache-Control "${value}"`;
}

function block(opening: string, lines: readonly string[]): string[] {
  return [`${opening} {`, ...lines.map((line) => `\t${line}`), "}"];
}

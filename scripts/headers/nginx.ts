import { cacheControl, commonHeaders, pageRules } from "./host-site.ts";
import type { HostFile, HostSite } from "./host-site.ts";

/**
 * `user-lookup.conf`, to be included in a `server` block that names the `root`.
 * An `add_header` in a location would drop all those from outside: so none
 * stands in a location, and what differs is a variable. Without `always` an
 * error would carry none.
 */
export function nginxFiles(site: HostSite): HostFile[] {
  const { config } = site;
  const missing = keep(cacheControl(config, "/", true));
  const pages = pageRules(config).map(({ pattern, cacheControl: value }) =>
    location(place(pattern), [keep(value), "try_files /index.html =404;"]),
  );
  const file = "try_files $uri @user_lookup_missing;";
  const text = [
    head,
    ...commonHeaders(config).map(([name, value]) => `add_header ${name} "${value}" always;`),
    "add_header Cache-Control $user_lookup_cache always;",
    missing,
    "",
    ...pages,
    location("/assets/", [keep(cacheControl(config, "/assets/any")), file]),
    location("/", [keep(cacheControl(config, "/any")), file]),
    // Hidden folders and source maps.
    location("~ (^/\\.|\\.map$)", [missing, "return 404;"]),
    location("@user_lookup_missing", [missing, "return 404;"]),
  ];
  return [{ name: "user-lookup.conf", text: text.join("\n") }];
}

const head = `# Include this in a server block that names the folder of the site:
#   root /srv/user-lookup;
#   include user-lookup.conf;
# A location of your own with an add_header loses every header of this file.
charset utf-8;
charset_types text/css text/javascript application/javascript application/json;
server_tokens off;
gzip on;
gzip_vary on;
gzip_types text/css text/javascript application/javascript application/json image/svg+xml;
`;

function place(pattern: string): string {
  return pattern.endsWith("/*") ? `^~ ${pattern.slice(0, -1)}` : `= ${pattern}`;
}

function keep(value: string): string {
  return `set $user_lookup_cache "${value}";`;
}

function location(where: string, lines: readonly string[]): string {
  return [`location ${where} {`, ...lines.map((line) => `    ${line}`), "}", ""].join("\n");
}

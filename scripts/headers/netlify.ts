import { headersFile } from "./headers-file.ts";
import { deepLinks, isPublished, missingPage } from "./host-site.ts";
import type { HostFile, HostSite } from "./host-site.ts";

/**
 * `_headers` and `_redirects` of Netlify, to lie beside `index.html`. A path
 * without a file and without a rule is answered with `404.html`. A rule gives
 * way to a file unless it is forced with `!`.
 */
export function netlifyFiles(site: HostSite): HostFile[] {
  const hidden = site.files.filter((path) => !isPublished(path) && !/^\/(_|404\.html)/.test(path));
  const rules = [
    ...hidden.map((path) => `${path} /404.html 404!`),
    ...deepLinks.map((path) => `${path} /index.html 200`),
  ];
  return [
    { name: "_headers", text: headersFile(site, []) },
    { name: "_redirects", text: `${rules.join("\n")}\n` },
    missingPage,
  ];
}

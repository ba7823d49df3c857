import { headersFile } from "./headers-file.ts";
import { deepLinks, missingPage } from "./host-site.ts";
import type { HostFile, HostSite } from "./host-site.ts";

const ruleLimit = 100;
const lineLimit = 2000;
const nowhere = "/not-published";

/**
 * `_headers` and `_redirects` of Cloudflare, for Pages and for the static
 * assets of a Worker, to lie beside `index.html`. Rules come before files, and
 * know no 404: what must not be seen is led to a path where nothing is. The
 * page is called `/` there, because Cloudflare redirects `/index.html` to it.
 * Throws when there are more rules than Cloudflare reads.
 */
export function cloudflareFiles(site: HostSite): HostFile[] {
  // Pages allows every origin to read every file, unless it is told not to.
  const headers = headersFile(site, ["! Access-Control-Allow-Origin"]);
  const lines = headers.split("\n");
  const count = lines.filter((line) => line.startsWith("/")).length;
  if (count > ruleLimit || lines.some((line) => line.length > lineLimit)) {
    throw new Error(
      `Cloudflare reads ${ruleLimit} rules of ${lineLimit} characters a line, and this site has ${count}; remove old files from its assets.`,
    );
  }
  const rules = [
    ...deepLinks.map((path) => `${path} / 200`),
    `/wrangler.json ${nowhere} 200`,
    `/.* ${nowhere} 200`,
    `/*.map ${nowhere} 200`,
  ];
  return [
    { name: "_headers", text: headers },
    { name: "_redirects", text: `${rules.join("\n")}\n` },
    missingPage,
    { name: "wrangler.json", text: wrangler },
  ];
}

/** For a Worker; Pages sees from `404.html` that it must not answer with the page. */
const wrangler = `${JSON.stringify(
  {
    name: "user-lookup",
    compatibility_date: "2026-01-01",
    assets: { directory: ".", not_found_handling: "404-page" },
  },
  undefined,
  2,
)}\n`;

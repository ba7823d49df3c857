import { readHeaderRules, readRedirects } from "./host.ts";
import type { Host, HostInput } from "./host.ts";

/**
 * Cloudflare Pages, as its asset server (workers-sdk, packages/pages-shared)
 * has it: rules without `*` go first, then those with it in their order, and
 * all before files; 200 means another path in place of this one; `/index.html`
 * is redirected to `/`; what is missing gets 404.html; headers go by the path
 * that was asked for, a 404 has them too, and equal names are joined.
 */
export function cloudflare({ read, files }: HostInput): Host {
  const rules = readHeaderRules(read("_headers"));
  const redirects = readRedirects(read("_redirects"));
  const ordered = [
    ...redirects.filter((each) => !each.from.includes("*")),
    ...redirects.filter((each) => each.from.includes("*")),
  ];
  return (path) => {
    const headers = headersOf(rules, path);
    const rule = ordered.find((each) => pattern(each.from).test(path));
    const target = rule?.status === "200" ? rule.to : path;
    if (target.endsWith("/index.html")) {
      return { redirect: target.slice(0, -"index.html".length), headers };
    }
    const file = target.endsWith("/") ? `${target}index.html` : target;
    return files.has(file) ? { file, headers } : { headers };
  };
}

function headersOf(rules: ReturnType<typeof readHeaderRules>, path: string) {
  const headers: Record<string, string> = {
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=0, must-revalidate",
    "referrer-policy": "strict-origin-when-cross-origin",
  };
  const own = new Set<string>();
  for (const rule of rules.filter((each) => pattern(each.path).test(path))) {
    for (const name of rule.unset) delete headers[name.toLowerCase()];
    for (const [name, value] of rule.set) {
      const key = name.toLowerCase();
      headers[key] = own.has(key) ? `${headers[key] ?? ""}, ${value}` : value;
      own.add(key);
    }
  }
  return headers;
}

function pattern(rule: string): RegExp {
  const parts = rule.split("*").map((part) => part.replaceAll(/[-/\\^$+?.()|[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

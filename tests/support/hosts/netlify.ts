import { readHeaderRules, readRedirects } from "./host.ts";
import type { Host, HostInput } from "./host.ts";

/**
 * Netlify, as docs.netlify.com (manage/routing) and its CLI have it: a file
 * goes before a rule without `!`; of the rules the first counts; `*` stands for
 * the rest of the path at the end only; a path without anything gets 404.html;
 * headers go by the path that was asked for, a 404 has them too, and of equal
 * names the last counts.
 */
export function netlify({ read, files }: HostInput): Host {
  const rules = readHeaderRules(read("_headers"));
  const redirects = readRedirects(read("_redirects"));
  return (path) => {
    const headers: Record<string, string> = {
      "cache-control": "public, max-age=0, must-revalidate",
    };
    for (const rule of rules.filter((each) => matches(each.path, path))) {
      for (const [name, value] of rule.set) headers[name.toLowerCase()] = value;
    }
    const found = path === "/" ? "/index.html" : path;
    const rule = redirects.find((each) => matches(each.from, path));
    if (files.has(found) && !(rule?.status.endsWith("!") ?? false)) {
      return { file: found, headers };
    }
    return rule?.status === "200" ? { file: rule.to, headers } : { headers };
  };
}

function matches(pattern: string, path: string): boolean {
  if (pattern.endsWith("/*")) return path.startsWith(pattern.slice(0, -1));
  if (pattern.includes("*")) throw new Error(`Netlify has no ${pattern}.`);
  return pattern === path;
}

import type { SiteConfig } from "../config.ts";
import { siteHeaders } from "../headers.ts";
import { finding } from "./catalogue.ts";
import type { Finding, FindingCode } from "./catalogue.ts";
import type { Answer } from "./ports.ts";

/** An answer of the site, with the path it was for. */
export interface Page {
  readonly path: string;
  readonly answer: Answer;
}

/** Compares what was served with the table of headers; `Cache-Control` is judged elsewhere. */
export function checkHeaders(
  config: SiteConfig,
  loopback: boolean,
  pages: readonly Page[],
): Finding[] {
  const names = Object.keys(siteHeaders(config, "/", { loopback }));
  return names
    .filter((name) => name !== "Cache-Control")
    .flatMap((name) => {
      const wanted = siteHeaders(config, "/", { loopback })[name] ?? "";
      return name === "Content-Security-Policy"
        ? checkPolicy(config, wanted, pages)
        : checkHeader(name, wanted, pages);
    });
}

function checkHeader(name: string, wanted: string, pages: readonly Page[]): Finding[] {
  const sent = (page: Page) => page.answer.headers.get(name);
  const without = pages.filter((page) => sent(page) === null);
  const other = pages.filter((page) => {
    const value = sent(page);
    return value !== null && plain(value) !== plain(wanted);
  });
  return [
    ...tell("header-missing", without, (where) => `${where}: ${name} is not there.`),
    ...tell(
      "header-differs",
      other,
      (where, page) => `${where}: ${name} is "${sent(page) ?? ""}", not "${wanted}".`,
    ),
  ];
}

function checkPolicy(config: SiteConfig, wanted: string, pages: readonly Page[]): Finding[] {
  const name = "Content-Security-Policy";
  const sent = (page: Page) => page.answer.headers.get(name);
  const without = pages.filter((page) => sent(page) === null);
  const differing = pages.filter((page) => {
    const value = sent(page);
    return value !== null && directives(value) !== directives(wanted);
  });
  const connects = (page: Page) => /connect-src ([^;]*)/.exec(sent(page) ?? "")?.[1] ?? "";
  const lacking = (url: string) => (page: Page) =>
    !connects(page).split(/\s+/).includes(new URL(url).origin);
  const blocksIssuer = differing.filter(lacking(config.issuer));
  const blocksApi = differing.filter(lacking(config.apiBaseUrl));
  const rest = differing.filter(
    (page) => !blocksIssuer.includes(page) && !blocksApi.includes(page),
  );
  const named = (url: string) => (where: string) =>
    `${where}: connect-src of the ${name} does not name ${new URL(url).origin}.`;
  return [
    ...tell("csp-missing", without, (where) => `${where}: ${name} is not there.`),
    ...tell("csp-blocks-issuer", blocksIssuer, named(config.issuer)),
    ...tell("csp-blocks-api", blocksApi, named(config.apiBaseUrl)),
    ...tell("csp-differs", rest, (where, page) => `${where}: ${name} is "${sent(page) ?? ""}".`),
  ];
}

/** One finding for all pages that share a fault. */
function tell(
  code: FindingCode,
  pages: readonly Page[],
  problem: (where: string, page: Page) => string,
): Finding[] {
  const [first] = pages;
  if (first === undefined) return [];
  return [finding(code, problem(pages.map((page) => page.path).join(", "), first))];
}

function directives(policy: string): string {
  return policy
    .split(";")
    .map((directive) => directive.trim().split(/\s+/).toSorted().join(" "))
    .filter((directive) => directive !== "")
    .toSorted()
    .join(";");
}

function plain(value: string): string {
  return value.replaceAll(/\s+/g, " ").trim().toLowerCase();
}

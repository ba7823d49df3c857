import { isLoopback } from "../addresses.ts";
import { parseSiteConfig, SiteConfigError } from "../config.ts";
import type { SiteConfig } from "../config.ts";
import { finding } from "./catalogue.ts";
import type { Finding } from "./catalogue.ts";
import { checkHeaders } from "./check-headers.ts";
import type { Page } from "./check-headers.ts";
import { jsonOf, textOf, toldOf } from "./ports.ts";
import type { Answer, DoctorPorts, Sight } from "./ports.ts";

const deepLinks = ["/callback", "/doctor", "/many", "/users/doctor"];
const missingAsset = "/assets/doctor-00000000.js";

/** Whether the site is served as its configuration and the table of headers want it. */
export async function checkSite(
  config: SiteConfig,
  origin: string,
  ports: DoctorPorts,
): Promise<Finding[]> {
  const look = (path: string) => ports.look(`${origin}${path}`);
  const home = await look("/");
  if (home.kind !== "answer" || home.status !== 200) {
    const told = home.kind === "answer" ? `it answered ${home.status}` : toldOf(home);
    return [finding("site-unreachable", `${origin}/ has no page: ${told}.`)];
  }
  const scripts = [...textOf(home).matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)];
  const assets = scripts.map((match) => match[1] ?? "");
  const pages = [{ path: "/", answer: home }, ...(await all(deepLinks, look))];
  const files = await all(assets, look);
  const [settings] = await all(["/config.json"], look);
  const [gone] = await all([missingAsset], look);
  const served = [...pages, ...files, settings, gone].filter((each) => each !== undefined);
  return [
    ...checkHeaders(config, isLoopback(origin), served),
    ...checkDeepLinks(pages, home),
    ...checkKept(pages, files, settings),
    ...checkConfig(config, settings),
    ...checkMissing(gone),
    ...(await checkHidden(assets, look)),
    ...(await checkPlainHttp(origin, ports)),
  ];
}

async function all(
  paths: readonly string[],
  look: (path: string) => Promise<Sight>,
): Promise<Page[]> {
  const sights = await Promise.all(paths.map(look));
  return paths.flatMap((path, index) => {
    const answer = sights[index];
    return answer?.kind === "answer" ? [{ path, answer }] : [];
  });
}

function checkDeepLinks(pages: readonly Page[], home: Answer): Finding[] {
  const page = textOf(home);
  const missing = pages.filter(({ answer }) => answer.status !== 200 || textOf(answer) !== page);
  if (missing.length === 0) return [];
  const told = missing.map(({ path, answer }) => `${path} (${answer.status})`).join(", ");
  return [finding("deep-link-missing", `The page is not served at ${told}.`)];
}

function checkKept(
  pages: readonly Page[],
  files: readonly Page[],
  settings: Page | undefined,
): Finding[] {
  const kept = (page: Page) => page.answer.headers.get("cache-control") ?? "not said";
  const found = pages.filter((page) => page.answer.status === 200);
  const old = found.filter((page) => page.path !== "/callback" && isKept(kept(page)));
  const callback = found.find(({ path }) => path === "/callback");
  const lasting = files.filter((page) => !/immutable/.test(kept(page)));
  const told = (list: readonly Page[]) =>
    list.map((page) => `${page.path} (Cache-Control ${kept(page)})`).join(", ");
  return [
    ...(old.length === 0 ? [] : [finding("page-kept", `Browsers keep ${told(old)}.`)]),
    ...(callback === undefined || kept(callback).includes("no-store")
      ? []
      : [finding("callback-kept", `Browsers store ${told([callback])}.`)]),
    ...(lasting.length === 0
      ? []
      : [finding("assets-not-immutable", `Browsers ask again for ${told(lasting)}.`)]),
    ...(settings === undefined || settings.answer.status !== 200 || !isKept(kept(settings))
      ? []
      : [finding("config-kept", `Browsers keep ${told([settings])}.`)]),
  ];
}

/** Whether a browser may use an answer again without asking (RFC 9111 section 4.2). */
function isKept(cacheControl: string): boolean {
  return !/no-store|no-cache|max-age=0\b/.test(cacheControl);
}

function checkConfig(config: SiteConfig, settings: Page | undefined): Finding[] {
  const value = settings?.answer.status === 200 ? jsonOf(settings.answer) : undefined;
  if (value === undefined) {
    const told =
      settings === undefined ? "nothing" : `HTTP ${settings.answer.status}, no JSON object`;
    return [finding("config-unreadable", `/config.json is ${told}.`)];
  }
  try {
    const served = parseSiteConfig(value);
    if (JSON.stringify(served) === JSON.stringify(config)) return [];
    const keys = ["issuer", "clientId", "scopes", "resource", "apiBaseUrl"] as const;
    const other = keys.filter((key) => JSON.stringify(served[key]) !== JSON.stringify(config[key]));
    const told = other.length === 0 ? "its looks" : other.join(", ");
    return [finding("config-differs", `The site's own config.json differs in ${told}.`)];
  } catch (error) {
    if (!(error instanceof SiteConfigError)) throw error;
    return [finding("config-mistake", `The site's own config.json: ${error.message}`)];
  }
}

function checkMissing(gone: Page | undefined): Finding[] {
  if (gone === undefined) return [];
  const { status, headers } = gone.answer;
  if (status < 400) {
    return [finding("missing-asset-is-page", `${gone.path} is not there, but answered ${status}.`)];
  }
  const kept = headers.get("cache-control") ?? "";
  if (!/max-age=[1-9]|immutable/.test(kept) || /no-store/.test(kept)) return [];
  return [finding("missing-asset-kept", `${gone.path} is not there, with Cache-Control ${kept}.`)];
}

async function checkHidden(
  assets: readonly string[],
  look: (path: string) => Promise<Sight>,
): Promise<Finding[]> {
  // A page in place of the file gives nothing away; that is another fault.
  const isFile = ({ answer }: Page) =>
    answer.status === 200 && !(answer.headers.get("content-type") ?? "").startsWith("text/html");
  const maps = (
    await all(
      assets.map((path) => `${path}.map`),
      look,
    )
  ).filter(isFile);
  const hidden = (await all(["/.vite/manifest.json", "/.env", "/.git/HEAD"], look)).filter(isFile);
  const told = (pages: readonly Page[]) =>
    `${pages.map(({ path }) => path).join(", ")} can be read.`;
  return [
    ...(maps.length === 0 ? [] : [finding("source-maps-served", told(maps))]),
    ...(hidden.length === 0 ? [] : [finding("hidden-files-served", told(hidden))]),
  ];
}

async function checkPlainHttp(origin: string, ports: DoctorPorts): Promise<Finding[]> {
  const { protocol, port, host } = new URL(origin);
  if (protocol !== "https:" || port !== "" || ports.open === undefined) return [];
  const sight = await ports.open(`http://${host}/`);
  if (sight.kind !== "answer" || sight.status >= 300) return [];
  return [finding("http-not-redirected", `http://${host}/ answered ${sight.status}.`)];
}

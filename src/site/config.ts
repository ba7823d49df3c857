import { SiteConfigError } from "./config-error.ts";
import { isLoopback, readAddress, readLinkTemplate } from "./addresses.ts";
import { checkKeys, readBoolean, readChoice, readList, readRecord, readText } from "./values.ts";

export { SiteConfigError } from "./config-error.ts";

/** The name shown when the configuration gives no `brand`. */
export const defaultBrand = "User Lookup";

/** A link shown beside a user, into another tool of the team. */
export interface SiteLink {
  readonly label: string;
  /** https or loopback, with `{id}` where the user's id goes; see {@link linkHref}. */
  readonly href: string;
}

/** One deployment of the dashboard: what `config.json` says, checked and with its defaults. */
export interface SiteConfig {
  /** The issuer identifier, character by character as the issuer writes it (RFC 8414 section 2). */
  readonly issuer: string;
  readonly clientId: string;
  /** What sign-in asks for; `openid` is among them, none twice. */
  readonly scopes: readonly string[];
  /** The resource indicator of the API (RFC 8707), for issuers that want one. */
  readonly resource?: string;
  /** Where the UserService answers, without a slash at the end. */
  readonly apiBaseUrl: string;
  /** The name in the header and the title; {@link defaultBrand} when not given. */
  readonly brand: string;
  /** Where a person who is stuck is sent. */
  readonly supportUrl?: string;
  /** Empty when not given. */
  readonly links: readonly SiteLink[];
  /** `shared`: all tabs are one session (default). `memory`: a session ends with its tab. */
  readonly store: "shared" | "memory";
  /** Whether sign-out sends the ID token, in a URL, to an issuer that demands it; false when not given. */
  readonly idTokenHint: boolean;
  /** Whether the switches for trouble on purpose are shown; only with a loopback issuer. */
  readonly demo: boolean;
}

const keys = [
  "issuer",
  "clientId",
  "scopes",
  "resource",
  "apiBaseUrl",
  "brand",
  "supportUrl",
  "links",
  "store",
  "idTokenHint",
  "demo",
] as const;

/**
 * Reads a configuration (the parsed JSON of `config.json`). Throws a
 * {@link SiteConfigError} at the first mistake: a missing or unknown field, a
 * wrong type, an address that is neither https nor loopback. What it returns
 * can be written as JSON and read again.
 */
export function parseSiteConfig(value: unknown): SiteConfig {
  const record = readRecord(value, "");
  checkKeys(record, keys, "");
  const given = <T>(key: (typeof keys)[number], read: (found: unknown, field: string) => T) =>
    record[key] === undefined ? undefined : read(record[key], key);
  const issuer = readAddress(record["issuer"], "issuer", { service: true });
  const resource = given("resource", readResource);
  const supportUrl = given("supportUrl", readAddress);
  return {
    issuer,
    clientId: readText(record["clientId"], "clientId"),
    scopes: readScopes(record["scopes"]),
    ...(resource === undefined ? {} : { resource }),
    apiBaseUrl: readAddress(record["apiBaseUrl"], "apiBaseUrl", { service: true }).replace(
      /\/+$/,
      "",
    ),
    brand: given("brand", readLabel) ?? defaultBrand,
    ...(supportUrl === undefined ? {} : { supportUrl }),
    links: given("links", (list, field) => readList(list, field, readLink)) ?? [],
    store: given("store", readStore) ?? "shared",
    idTokenHint: given("idTokenHint", readBoolean) ?? false,
    demo: given("demo", (demo) => readDemo(demo, issuer)) ?? false,
  };
}

/** The address of `link` for one user; the id is percent-encoded. */
export function linkHref(link: SiteLink, userId: string): string {
  return link.href.replaceAll("{id}", () => encodeURIComponent(userId));
}

/** RFC 8707 section 2: an absolute URI without a fragment. */
function readResource(value: unknown): string {
  const resource = readText(value, "resource");
  if (URL.canParse(resource) && !/[\s#]/.test(resource)) return resource;
  throw new SiteConfigError(
    "resource",
    `resource is ${JSON.stringify(resource)}; write an absolute URI without a fragment, for example "urn:user-lookup:users".`,
  );
}

/** RFC 6749 section 3.3: the characters of a scope. */
function readScopes(value: unknown): string[] {
  const scopes = readList(value, "scopes", (entry, field) => {
    const scope = readText(entry, field);
    if (/^[!#-[\]-~]+$/.test(scope)) return scope;
    throw new SiteConfigError(
      field,
      `${field} is ${JSON.stringify(scope)}; write one scope per entry, without spaces and quotes.`,
    );
  });
  const twice = scopes.find((scope, index) => scopes.indexOf(scope) !== index);
  if (twice !== undefined) {
    throw new SiteConfigError("scopes", `scopes names "${twice}" twice; name each scope once.`);
  }
  if (!scopes.includes("openid")) {
    throw new SiteConfigError("scopes", `scopes lacks "openid"; sign-in needs it.`);
  }
  return scopes;
}

function readLabel(value: unknown, field: string): string {
  return readText(value, field, 60);
}

function readStore(value: unknown, field: string): "shared" | "memory" {
  return readChoice(value, field, ["shared", "memory"]);
}

function readLink(value: unknown, field: string): SiteLink {
  const record = readRecord(value, field);
  checkKeys(record, ["label", "href"], field);
  return {
    label: readLabel(record["label"], `${field}.label`),
    href: readLinkTemplate(record["href"], `${field}.href`),
  };
}

function readDemo(value: unknown, issuer: string): boolean {
  const demo = readBoolean(value, "demo");
  if (demo && !isLoopback(issuer)) {
    throw new SiteConfigError(
      "demo",
      `demo is true, but the issuer ${issuer} is not on this machine; remove demo, which only works with a loopback issuer.`,
    );
  }
  return demo;
}

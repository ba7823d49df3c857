import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  defaultBrand,
  linkHref,
  parseSiteConfig,
  SiteConfigError,
} from "../../../src/site/index.ts";

const minimal = {
  issuer: "https://id.example.com/realms/support",
  clientId: "user-lookup",
  scopes: ["openid", "users.read"],
  apiBaseUrl: "https://api.example.com",
};

const complete = {
  ...minimal,
  resource: "urn:user-lookup:users",
  brand: "Acme Users",
  supportUrl: "https://help.example.com/lookup?from=app#top",
  links: [{ label: "Billing", href: "https://billing.example.com/users/{id}" }],
  store: "memory",
  idTokenHint: true,
  demo: false,
};

/** The mistake found in the minimal configuration with `changes`. */
function mistake(changes: unknown): SiteConfigError {
  const isChange = typeof changes === "object" && changes !== null && !Array.isArray(changes);
  const changed = isChange ? { ...minimal, ...changes } : changes;
  try {
    parseSiteConfig(changed);
  } catch (error) {
    if (error instanceof SiteConfigError) return error;
    throw error;
  }
  throw new Error(`No mistake was found in ${JSON.stringify(changed)}.`);
}

describe("a configuration that is right", () => {
  test("is returned with its defaults", () => {
    expect(parseSiteConfig(minimal)).toEqual({
      ...minimal,
      brand: defaultBrand,
      links: [],
      store: "shared",
      idTokenHint: false,
      demo: false,
    });
  });

  test("keeps every field that is given", () => {
    expect(parseSiteConfig(complete)).toEqual(complete);
  });

  test("can be written as JSON and read again", () => {
    const config = parseSiteConfig(minimal);
    expect(parseSiteConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  test("keeps the issuer's last slash and drops the API's", () => {
    const config = parseSiteConfig({
      ...minimal,
      issuer: "https://id.example.com/",
      apiBaseUrl: "https://api.example.com/grpc//",
    });
    expect(config.issuer).toBe("https://id.example.com/");
    expect(config.apiBaseUrl).toBe("https://api.example.com/grpc");
  });

  test.each(["http://localhost:8080", "http://127.0.0.1:8080", "http://demo.localhost"])(
    "may use plain http on this machine: %s",
    (issuer) => {
      expect(parseSiteConfig({ ...minimal, issuer, demo: true })).toMatchObject({
        issuer,
        demo: true,
      });
    },
  );
});

describe("a mistake names its field", () => {
  test.each<[string, unknown]>([
    ["", null],
    ["", []],
    ["", "https://id.example.com"],
    ["clientID", { clientID: "user-lookup" }],
    ["issuer", { issuer: undefined }],
    ["issuer", { issuer: 1 }],
    ["issuer", { issuer: "" }],
    ["issuer", { issuer: " https://id.example.com" }],
    ["issuer", { issuer: "id.example.com" }],
    ["issuer", { issuer: "http://id.example.com" }],
    ["issuer", { issuer: "http://localhost.example.com" }],
    ["issuer", { issuer: "ftp://localhost" }],
    ["issuer", { issuer: "https://me:secret@id.example.com" }],
    ["issuer", { issuer: "https://id.example.com?tenant=1" }],
    ["issuer", { issuer: "https://id.example.com#a" }],
    ["issuer", { issuer: "https://id.example.com;script-src" }],
    ["issuer", { issuer: "https://*.example.com" }],
    ["issuer", { issuer: "http://[::1]:8080" }],
    ["clientId", { clientId: undefined }],
    ["clientId", { clientId: "   " }],
    ["clientId", { clientId: "a\nb" }],
    ["clientId", { clientId: "x".repeat(2001) }],
    ["scopes", { scopes: undefined }],
    ["scopes", { scopes: "openid users.read" }],
    ["scopes", { scopes: [] }],
    ["scopes", { scopes: ["users.read"] }],
    ["scopes", { scopes: ["openid", "openid"] }],
    ["scopes[1]", { scopes: ["openid", "users read"] }],
    ["scopes[1]", { scopes: ["openid", 'a"b'] }],
    ["scopes[0]", { scopes: [null] }],
    ["resource", { resource: "users" }],
    ["resource", { resource: "urn:users#a" }],
    ["apiBaseUrl", { apiBaseUrl: undefined }],
    ["apiBaseUrl", { apiBaseUrl: "//api.example.com" }],
    ["apiBaseUrl", { apiBaseUrl: "http://api.example.com" }],
    ["apiBaseUrl", { apiBaseUrl: "https://api.example.com,https://evil.example" }],
    ["brand", { brand: "" }],
    ["brand", { brand: "x".repeat(61) }],
    ["supportUrl", { supportUrl: "javascript:alert(1)" }],
    ["supportUrl", { supportUrl: null }],
    ["links", { links: {} }],
    ["links[0]", { links: ["https://billing.example.com/{id}"] }],
    ["links[0].title", { links: [{ title: "Billing" }] }],
    ["links[0].label", { links: [{ href: "https://billing.example.com/{id}" }] }],
    [
      "links[1].href",
      { links: [complete.links[0], { label: "Logs", href: "https://logs.example.com" }] },
    ],
    ["links[0].href", { links: [{ label: "Logs", href: "https://{id}.example.com" }] }],
    ["links[0].href", { links: [{ label: "Logs", href: "javascript:alert('{id}')" }] }],
    ["store", { store: "cookie" }],
    ["idTokenHint", { idTokenHint: 1 }],
    ["demo", { demo: "yes" }],
    ["demo", { demo: true }],
  ])("%s in %j", (field, changes) => {
    const error = mistake(changes);
    expect(error.field).toBe(field);
    expect(error.message).toMatch(/^[^!]+\.$/);
    expect(error.message).toContain(field === "" ? "The configuration" : field);
  });

  test("says what is wanted instead", () => {
    expect(mistake({ store: "cookie" }).message).toBe(
      'store is "cookie"; write "shared" or "memory".',
    );
    expect(mistake({ clientId: undefined }).message).toBe("clientId is missing; write a text.");
  });
});

test("every field is in the documents", () => {
  const document = readFileSync("docs/deploy.md", "utf8");
  for (const field of Object.keys(complete)) expect(document).toContain(`| \`${field}\``);
});

test("a link is filled in with the percent-encoded user id", () => {
  const link = { label: "Logs", href: "https://logs.example.com/{id}?user={id}" };
  expect(linkHref(link, "a/b&$&")).toBe(
    "https://logs.example.com/a%2Fb%26%24%26?user=a%2Fb%26%24%26",
  );
});

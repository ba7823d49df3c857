import { expect, test } from "vitest";
import { parseSiteConfig, siteHeaders } from "../../../src/site/index.ts";

const config = parseSiteConfig({
  issuer: "https://id.example.com/realms/support",
  clientId: "user-lookup",
  scopes: ["openid"],
  apiBaseUrl: "https://api.example.com:8443/grpc",
});

const local = parseSiteConfig({
  ...config,
  issuer: "http://localhost:8080",
  apiBaseUrl: "http://localhost:50051",
});

/** The sources of one directive of the policy. */
function directive(name: string, headers = siteHeaders(config, "/")): string | undefined {
  return headers["Content-Security-Policy"]
    ?.split("; ")
    .find((entry) => entry === name || entry.startsWith(`${name} `))
    ?.slice(name.length + 1);
}

test("the policy allows nothing that it does not name", () => {
  expect(directive("default-src")).toBe("'none'");
  for (const name of ["script-src", "style-src", "img-src", "font-src"]) {
    expect(directive(name)).toBe("'self'");
  }
  for (const name of [
    "form-action",
    "base-uri",
    "object-src",
    "frame-ancestors",
    "trusted-types",
  ]) {
    expect(directive(name)).toBe("'none'");
  }
  expect(directive("require-trusted-types-for")).toBe("'script'");
  expect(siteHeaders(config, "/")["Content-Security-Policy"]).not.toContain("unsafe");
});

test("the page may reach exactly the issuer and the API", () => {
  expect(directive("connect-src")).toBe(
    "'self' https://id.example.com https://api.example.com:8443",
  );
});

test("an issuer and an API of one origin are named once", () => {
  const one = parseSiteConfig({ ...config, apiBaseUrl: "https://id.example.com/api" });
  expect(directive("connect-src", siteHeaders(one, "/"))).toBe("'self' https://id.example.com");
});

test("every answer carries the other protections", () => {
  for (const path of ["/", "/assets/a.js", "/users/1", "/config.json"]) {
    expect(siteHeaders(config, path)).toMatchObject({
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Permissions-Policy": expect.stringContaining("clipboard-write=(self)"),
    });
  }
});

test("https is made permanent, but never for this machine", () => {
  expect(siteHeaders(config, "/")["Strict-Transport-Security"]).toMatch(/^max-age=63072000/);
  expect(siteHeaders(local, "/")).not.toHaveProperty("Strict-Transport-Security");
  expect(siteHeaders(config, "/", { loopback: true })).not.toHaveProperty(
    "Strict-Transport-Security",
  );
});

test.each([
  ["/assets/index-1a2b.js", "public, max-age=31536000, immutable"],
  ["/callback", "no-store"],
  ["/config.json", "no-cache"],
  ["/", "no-cache"],
  ["/users/user123", "no-cache"],
  ["/favicon.svg", "no-cache"],
])("%s is kept as %s", (path, cacheControl) => {
  expect(siteHeaders(config, path)["Cache-Control"]).toBe(cacheControl);
});

test("a missing asset is not kept", () => {
  expect(siteHeaders(config, "/assets/gone.js", { missing: true })["Cache-Control"]).toBe(
    "no-store",
  );
});

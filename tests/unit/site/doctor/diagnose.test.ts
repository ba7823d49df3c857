import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  diagnose,
  examinations,
  parseSiteConfig,
  remedies,
  siteHeaders,
} from "../../../../src/site/index.ts";
import type { Answer, DoctorPorts, Look, Sight } from "../../../../src/site/index.ts";

const origin = "https://lookup.example.com";
const config = parseSiteConfig({
  issuer: "https://id.example.com",
  clientId: "user-lookup",
  scopes: ["openid"],
  apiBaseUrl: "https://api.example.com",
});
const nowMs = Date.parse("2026-11-22T01:00:00Z");
const metadata = {
  issuer: config.issuer,
  authorization_endpoint: `${config.issuer}/auth`,
  token_endpoint: `${config.issuer}/token`,
  jwks_uri: `${config.issuer}/jwks`,
  code_challenge_methods_supported: ["S256"],
};

function answer(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  status = 200,
): Answer {
  return {
    kind: "answer",
    status,
    headers: new Headers(headers),
    body: typeof body === "string" ? new TextEncoder().encode(body) : body,
    exposes: () => undefined,
    date: undefined,
  };
}

const refusedCall = answer("", {
  "content-type": "application/grpc-web+proto",
  "grpc-status": "16",
});

/** A healthy world, in which `changes` answer first. */
function world(changes: (url: string) => Sight | undefined = () => undefined): DoctorPorts {
  const site = (path: string): Sight => {
    const missing = path.startsWith("/assets/") || path.startsWith("/.");
    const headers = siteHeaders(config, path, { missing });
    if (missing) return answer("", headers, 404);
    return answer(path === "/config.json" ? JSON.stringify(config) : "<!doctype html>", headers);
  };
  const look: Look = (url) => {
    const { origin: where, pathname } = new URL(url);
    if (where === origin) return Promise.resolve(changes(url) ?? site(pathname));
    const others: Record<string, Sight> = {
      "/.well-known/openid-configuration": answer(JSON.stringify(metadata)),
      "/jwks": answer('{"keys":[{"kty":"RSA"}]}'),
      "/token": answer('{"error":"invalid_grant"}', {}, 400),
      "/auth": answer("", { location: `${origin}/callback?error=login_required` }, 303),
      "/user.v1.UserService/GetUser": refusedCall,
      "/": answer("", { location: `${origin}/` }, 301),
    };
    return Promise.resolve(changes(url) ?? others[pathname] ?? { kind: "silent", why: "nobody" });
  };
  return { look, open: look, protocol: () => Promise.resolve("h2"), now: () => nowMs };
}

async function codes(ports: DoctorPorts) {
  return (await diagnose({ config, origin }, ports)).map(({ code }) => code);
}

const isCall = (url: string) => url.includes("GetUser");

test("a healthy world has nothing wrong, and each part is told once", async () => {
  const parts: string[] = [];
  expect(await diagnose({ config, origin }, world(), (part) => parts.push(part))).toEqual([]);
  expect(parts).toEqual(examinations);
});

describe("what only shows over https", () => {
  test("an API that speaks HTTP/1.1 only", async () => {
    const ports = { ...world(), protocol: () => Promise.resolve("http/1.1") };
    expect(await codes(ports)).toEqual(["api-http1"]);
  });

  test("a site that is served over http, too", async () => {
    const plain = (url: string) =>
      url.startsWith("http:") ? answer("<!doctype html>") : undefined;
    expect(await codes(world(plain))).toEqual(["http-not-redirected"]);
  });
});

describe("what a browser sees without reading the CORS headers", () => {
  test("an error without a body and without a status is a hidden Grpc-Status", async () => {
    const bare = answer("", { "content-type": "application/grpc-web+proto" });
    const found = await diagnose(
      { config, origin },
      world((url) => (isCall(url) ? bare : undefined)),
    );
    expect(found.map(({ code }) => code)).toEqual(["grpc-status-hidden"]);
    expect(found[0]?.problem).toContain('"missing trailer"');
  });

  test("its own policy that forbids to ask", async () => {
    const blocked = world((url) =>
      url.startsWith(config.issuer) ? { kind: "blocked" } : undefined,
    );
    expect(await codes(blocked)).toEqual(["csp-blocks-issuer"]);
  });
});

test.each([
  [401, {}],
  [403, {}],
  [200, { "grpc-status": "7" }],
])("an API may refuse with HTTP %i and %j", async (status, headers) => {
  const refusal = answer("", { "content-type": "application/grpc-web", ...headers }, status);
  expect(await codes(world((url) => (isCall(url) ? refusal : undefined)))).toEqual([]);
});

test("the status in a trailer at the end of the body is read", async () => {
  const text = new TextEncoder().encode("grpc-status:0\r\n");
  const body = new Uint8Array([0, 0, 0, 0, 1, 7, 0x80, 0, 0, 0, text.length, ...text]);
  const open = answer(body, { "content-type": "application/grpc-web+proto" });
  expect(await codes(world((url) => (isCall(url) ? open : undefined)))).toEqual(["api-open"]);
});

test("a cache that has had its answer for long is no wrong clock", async () => {
  const old = {
    ...answer("<!doctype html>", { ...siteHeaders(config, "/"), age: "600" }),
    date: new Date(nowMs - 600_000).toUTCString(),
  };
  expect(await codes(world((url) => (url === `${origin}/` ? old : undefined)))).toEqual([]);
});

test.each([undefined, "/auth"])("an issuer without a place to sign in (%s)", async (endpoint) => {
  const other = { ...metadata, authorization_endpoint: endpoint };
  const ports = world((url) =>
    url.endsWith("/openid-configuration") ? answer(JSON.stringify(other)) : undefined,
  );
  expect(await codes(ports)).toEqual(["no-authorization-code"]);
});

test("Entra, which keeps quiet about PKCE, is believed", async () => {
  const issuer = "https://login.microsoftonline.com/tenant/v2.0";
  const silent = { ...metadata, issuer, code_challenge_methods_supported: undefined };
  const ports = world((url) =>
    url.startsWith(issuer) ? answer(JSON.stringify(silent)) : undefined,
  );
  const found = await diagnose({ config: { ...config, issuer } }, ports);
  expect(found).toEqual([]);
});

test("every finding is in the documents, with its remedy", () => {
  const document = readFileSync("docs/deploy.md", "utf8").replaceAll("\\", "");
  for (const [code, remedy] of Object.entries(remedies)) {
    expect(document).toContain(`\`${code}\``);
    expect(document).toContain(remedy);
  }
});

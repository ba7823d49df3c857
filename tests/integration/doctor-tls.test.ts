import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listen } from "../../scripts/listen.ts";
import type { Listener } from "../../scripts/listen.ts";
import { createSiteHandler } from "../../scripts/site-server.ts";
import { provideCertificates } from "../../scripts/start/provide-certificates.ts";
import type { ProvidedCertificates } from "../../scripts/start/provide-certificates.ts";
import { parseSiteConfig } from "../../src/site/index.ts";
import type { Finding } from "../../src/site/index.ts";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { runCli } from "../support/cli.ts";
import { addressOf, listen as listenAt } from "../support/server/gate-server.ts";

let folder = "";
let backend: TestBackend;
let site: Listener;
let siteUrl = "";
let tls: ProvidedCertificates;

/** The site needs the backend's addresses, and the backend the site's. */
async function serveSite(): Promise<void> {
  let handle: Awaited<ReturnType<typeof createSiteHandler>> = (_request, response) => {
    response.writeHead(503).end();
  };
  site = await listen(["127.0.0.1", "::1"], 0, (...call) => handle(...call), tls);
  siteUrl = `https://localhost:${site.port}`;
  backend = await startTestBackend({ tls, dashboardUrl: siteUrl, seedUsers: 5 });
  const root = join(folder, "site");
  await mkdir(root);
  await writeFile(join(root, "index.html"), "<!doctype html><title>User Lookup</title>");
  handle = await createSiteHandler({ root, config: configuration(backend.apiUrl) });
}

function configuration(apiBaseUrl: string) {
  return parseSiteConfig({
    issuer: backend.issuerUrl,
    clientId: "user-lookup",
    scopes: ["openid", "users.read"],
    resource: "urn:user-lookup:users",
    apiBaseUrl,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doctor-tls-"));
  tls = await provideCertificates(folder);
  await serveSite();
});

afterAll(async () => {
  await site.close();
  await backend.remove();
  await rm(folder, { recursive: true });
});

test("a deployment with a private authority has nothing wrong", async () => {
  const { out, code } = await runCli(["doctor", "--site", siteUrl, "--ca", tls.caFile]);
  expect([code, out]).toEqual([0, ["Nothing is wrong."]]);
});

test("without its authority, the site is said not to be trusted", async () => {
  const file = join(folder, "config.json");
  await writeFile(file, JSON.stringify(configuration(backend.apiUrl)));
  const run = await runCli(["doctor", "--config", file, "--site", siteUrl, "--json"]);
  const [found] = run.out.map((line) => JSON.parse(line) as Finding);
  expect(found?.code).toBe("site-unreachable");
  expect(found?.problem).toMatch(/certificate/i);
});

test("an API behind a proxy that speaks HTTP/1.1 only is found by its name", async () => {
  const proxy = startHttp1Proxy();
  const close = await listenAt(proxy);
  const address = addressOf(proxy).replace("http://127.0.0.1", "https://localhost");
  const file = join(folder, "http1.json");
  await writeFile(file, JSON.stringify(configuration(address)));
  try {
    const args = ["doctor", "--config", file, "--ca", tls.caFile, "--json"];
    const run = await runCli(args);
    const codes = run.out.map((line) => (JSON.parse(line) as Finding).code);
    expect(codes).toEqual(["api-http1"]);
  } finally {
    await close();
  }
});

/** An API as it is behind a proxy that offers no HTTP/2. */
function startHttp1Proxy(): Server {
  return createServer(
    { cert: tls.cert, key: tls.key, ALPNProtocols: ["http/1.1"] },
    (request, response) => {
      request.resume();
      const isToken = request.headers.authorization?.startsWith("Bearer ey") ?? false;
      // NOT_FOUND for who has a token, UNAUTHENTICATED for everybody else.
      const status = { "grpc-status": isToken ? "5" : "16" };
      response.writeHead(200, { "content-type": "application/grpc-web+proto", ...status }).end();
    },
  );
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../src/lib/server/index.ts";
import type { Finding } from "../../src/site/index.ts";
import { runCli } from "../support/cli.ts";
import { craftToken } from "../support/doctor/crafted-token.ts";
import { startDeployment } from "../support/doctor/deployment.ts";
import type { TestDeployment } from "../support/doctor/deployment.ts";
import { createIssuerBrowser, redeem } from "../support/issuer-browser.ts";
import { startGateServer } from "../support/server/gate-server.ts";

let folder = "";
let deployment: TestDeployment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doctor-token-"));
  mkdirSync(join(folder, "site", "assets"), { recursive: true });
  writeFileSync(join(folder, "site", "index.html"), "<!doctype html><title>User Lookup</title>");
  deployment = await startDeployment(join(folder, "site"));
});

afterEach(() => deployment.heal());

afterAll(async () => {
  await deployment.close();
  rmSync(folder, { recursive: true });
});

/** Tries the token, in a file, and looks whether any of it was told. */
async function examine(token: string) {
  const file = join(folder, "token");
  writeFileSync(file, `${token}\n`);
  const site = ["--site", deployment.site.url];
  const run = await runCli(["doctor", ...site, "--token-file", file, "--json"]);
  const told = [...run.out, ...run.err].join("\n");
  for (const part of token.split(".")) expect(told).not.toContain(part);
  return run.out.map((line) => JSON.parse(line) as Finding);
}

async function codes(token: string) {
  return (await examine(token)).map(({ code }) => code);
}

async function guestToken(): Promise<string> {
  const { issuer } = deployment.config;
  const redirect = { redirect_uri: `${deployment.site.url}/callback` };
  const browser = createIssuerBrowser(issuer);
  const { page, verifier } = await browser.authorize(redirect);
  const end = await browser.submit(page, { name: "guest", password: "guest" });
  const { body } = await redeem(issuer, end, verifier, redirect);
  return String(body["access_token"]);
}

test("a good token is accepted", async () => {
  expect(await codes(await deployment.backend.serviceToken())).toEqual([]);
});

test("a token of somebody who may nothing lacks its scope", async () => {
  expect(await codes(await guestToken())).toEqual(["token-lacks-scope"]);
});

test.each([
  ["token-expired", { claims: { exp: 1_700_000_000 } }],
  ["token-wrong-issuer", { claims: { iss: "https://other.example.com" } }],
  ["token-wrong-type", { typ: "JWT" }],
  ["token-wrong-audience", { claims: { aud: "https://api.example.com" } }],
  ["token-refused", {}],
] as const)("%s is why a token is refused", async (code, changes) => {
  const [found, ...others] = await examine(craftToken(deployment.config.issuer, changes));
  expect(found?.code).toBe(code);
  expect(found?.problem).toContain("; it says: ");
  expect(others).toEqual([]);
});

test("a token that is no JWT is opaque", async () => {
  expect(await codes("ory_at_8Zq3vJrM2oTfWc1y")).toEqual(["token-opaque"]);
});

test("an API that expects another audience is told from one with other keys", async () => {
  const gate = createTokenGate({
    issuers: [{ issuer: deployment.config.issuer }],
    audience: "urn:other",
    services: [UserService],
  });
  const server = await startGateServer(gate);
  deployment.api.to(Number(new URL(server.baseUrl("gRPC-Web")).port));
  const allow = { "access-control-allow-origin": deployment.site.url };
  deployment.api.spoil({
    answer(answer, { method }) {
      if (method === "OPTIONS") answer.status = 204;
      Object.assign(answer.headers, allow, {
        "access-control-allow-headers":
          "authorization, content-type, grpc-timeout, x-grpc-web, x-user-agent",
        "access-control-expose-headers": "grpc-status, www-authenticate",
      });
    },
  });
  try {
    expect(await codes(await deployment.backend.serviceToken())).toEqual(["token-wrong-audience"]);
  } finally {
    deployment.api.to(deployment.backend.apiPort);
    await server.close();
  }
});

test("an API whose gateway lets calls without a token in is open", async () => {
  const token = await deployment.backend.serviceToken();
  deployment.api.spoil({
    request({ method, headers }) {
      if (method === "POST") headers.authorization ??= `Bearer ${token}`;
    },
  });
  expect(await codes(token)).toEqual(["api-open"]);
});

test("credentials that the issuer refuses are told, without the secret", async () => {
  const run = await runCli(
    ["doctor", "--site", deployment.site.url, "--client-id", "test-client", "--json"],
    { env: { USER_LOOKUP_CLIENT_SECRET: "not-the-secret" } },
  );
  const findings = run.out.map((line) => JSON.parse(line) as Finding);
  expect(findings.map(({ code }) => code)).toEqual(["token-not-issued"]);
  expect([...run.out, ...run.err].join("\n")).not.toContain("not-the-secret");
});

test.each([
  [["doctor"], /--config FILE, a --site URL/],
  [["doctor", "user123"], /doctor takes no ids/],
  [["doctor", "--config", "/nonexistent/config.json"], /cannot be read/],
  [["doctor", "--site", "http://dashboard.example.com"], /plain http/],
])("%j is a mistake of the command line", async (args, told) => {
  const { code, out, err } = await runCli(args);
  expect([code, out]).toEqual([2, []]);
  expect(err.join("\n")).toMatch(told);
});

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { UnsecuredJWT } from "jose";
import { afterAll, beforeAll, expect } from "vitest";
import { provideCertificates } from "../../scripts/start/provide-certificates.ts";
import { readClientKey } from "../../src/cli/assertion.ts";
import type { ClientKey } from "../../src/cli/assertion.ts";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createAuthInterceptor, createTokenSource } from "../../src/lib/core/index.ts";
import { jwtBearer } from "../../src/lib/grants/index.ts";
import { trust } from "../../src/lib/node/index.ts";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { runCli } from "../support/cli.ts";
import { createIssuerBrowser } from "../support/issuer-browser.ts";
import { findGoPrograms, startLookups } from "./go-token-source/programs.ts";
import { startService } from "./grpc-go/service.ts";
import { describePeer } from "./support/peer.ts";

const ada = "User: user123, Name: Ada Lovelace";
const run = promisify(execFile);

await describePeer({ name: "grpc-go", find: findGoPrograms }, (found, feature) => {
  let folder = "";
  let caFile = "";
  let trusting: typeof fetch;
  let backend: TestBackend;
  let key: ClientKey;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "go-token-source-"));
    const tls = await provideCertificates(folder);
    ({ caFile } = tls);
    trusting = trust({ ca: tls.ca }).fetch as typeof fetch;
    // x/oauth2 takes a token for expired ten seconds before its end: this one serves for two.
    const accessTokenTtlSeconds = 12;
    const databaseFile = join(folder, "backend.sqlite");
    const options = { dataDir: folder, databaseFile, tls, seedUsers: 5, accessTokenTtlSeconds };
    backend = await startTestBackend(options);
    key = await readClientKey(join(folder, "service-client.json"));
  });
  afterAll(async () => {
    await backend.remove();
    await rm(folder, { recursive: true, force: true });
  });

  feature("the seed's program looks a user up with a refresh token", async () => {
    const lookups = startLookups(found.tokenSource, await serviceVariables());
    await expect(lookups.ask("user123")).resolves.toBe(ada);
    await expect(lookups.end()).resolves.toBe(0);
  });

  feature(
    "the seed's program asks for a token once for many calls, and again when the token ends",
    async () => {
      const lookups = startLookups(found.tokenSource, await serviceVariables());
      const before = await countRefreshes();
      let calls = 0;
      while ((await countRefreshes()) < before + 2) {
        expect(await lookups.ask("user123")).toBe(ada);
        calls += 1;
      }
      expect(calls).toBeGreaterThan(2);
      await expect(lookups.end()).resolves.toBe(0);
    },
  );

  feature(
    "a program that begins with a spent refresh token is refused",
    async () => {
      const variables = await serviceVariables();
      const first = startLookups(found.tokenSource, variables);
      const before = await countRefreshes();
      while ((await countRefreshes()) < before + 2) await first.ask("user123");
      await first.end();
      const again = startLookups(found.tokenSource, variables);
      await expect(again.ask("user123")).rejects.toThrow("invalid_grant");
      await expect(again.end()).resolves.toBe(1);
    },
    {
      deviation:
        "x/oauth2 keeps a rotated refresh token in memory only, so a Go program cannot begin anew with the one that it began with. Ours hands each to `onRotated` before it uses what came with it, and `openTokenFile` keeps it in a file.",
    },
  );

  feature(
    "the seed's program sends no token over a channel without TLS",
    async () => {
      const lookups = startLookups(found.tokenSource, await serviceVariables(), "-insecure");
      await expect(lookups.ask("user123")).rejects.toThrow("transport level security");
      await expect(lookups.end()).resolves.toBe(1);
    },
    {
      deviation:
        "The seed opens its channel with `insecure.NewCredentials()`; grpc-go refuses to send a token over it. Give it TLS: `npm start -- --tls` has certificates. Ours sends tokens over plain http to this machine only.",
    },
  );

  feature("x/oauth2's client credentials look a user up", async () => {
    const variables = { ...addresses(), CLIENT_ID: "test-client", CLIENT_SECRET: "foobar" };
    const env = { ...process.env, ...variables };
    const { stdout } = await run(found.clientCredentials, ["user123", "user123"], { env });
    expect(stdout).toBe(`${ada}\n${ada}\n`);
  });

  feature("our token source, `examples/token-source`, looks a user up at grpc-go's", async () => {
    const plain = await startTestBackend({ seedUsers: 5 });
    const service = await startService(found.service);
    const file = join(folder, "refresh-token");
    await login(plain.issuerUrl, file);
    const env = {
      ...process.env,
      TOKEN_URL: `${plain.issuerUrl}/token`,
      API_URL: `http://127.0.0.1:${service.port}`,
      REFRESH_TOKEN_FILE: file,
    };
    const { stdout } = await run(process.execPath, ["examples/token-source/main.ts"], { env });
    await Promise.all([service.stop(), plain.remove()]);
    expect(stdout).toBe(`${ada}\n`);
  });

  feature("a call that grpc-go refuses is tried again once, with a new token", async () => {
    const service = await startService(found.service, "--max-token-age", "30s");
    const baseUrl = `http://127.0.0.1:${service.port}`;
    const issueTimes = ["1 hour ago", "0 seconds"];
    const tokenSource = createTokenSource(async () => ({
      accessToken: {
        value: issuedAt(issueTimes.shift()),
        type: "Bearer",
        expiresAt: Date.now() + 3_600_000,
        scopes: [],
      },
      refreshToken: undefined,
      idToken: undefined,
    }));
    const interceptors = [createAuthInterceptor({ tokenSource, origins: [baseUrl] })];
    const users = createClient(UserService, createGrpcTransport({ baseUrl, interceptors }));
    await expect(users.getUser({ userId: "user123" })).resolves.toMatchObject({ id: "user123" });
    await service.stop();
    expect(issueTimes).toEqual([]);
    expect(service.output().match(/^(refused|called) \S*GetUser\b/gm)).toHaveLength(2);
  });

  function addresses() {
    const { issuerUrl, apiUrl } = backend;
    return { CA_FILE: caFile, TOKEN_URL: `${issuerUrl}/token`, API_TARGET: new URL(apiUrl).host };
  }

  /** What the seed leaves open, with a refresh token that nobody has used. */
  async function serviceVariables() {
    const { clientId = "", clientSecret = "" } = key;
    const tokenUrl = `${backend.issuerUrl}/token`;
    const grant = jwtBearer({
      tokenUrl,
      clientId,
      clientSecret,
      scopes: ["users.read", "offline_access"],
      assertion: () => key.sign({ issuer: clientId, subject: "support", audience: tokenUrl }),
      fetch: trusting,
    });
    const { refreshToken = "" } = await grant({ signal: AbortSignal.timeout(10_000) });
    const client = { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
    return { ...addresses(), ...client, REFRESH_TOKEN: refreshToken };
  }

  async function countRefreshes(): Promise<number> {
    const response = await trusting(`${backend.issuerUrl}/demo/counters`);
    const counters: { refreshes: number } = await response.json();
    return counters.refreshes;
  }
});

/** `user-lookup login` by somebody who signs in as `support`. */
async function login(issuerUrl: string, file: string): Promise<void> {
  const signIn = async (url: string) => {
    const browser = createIssuerBrowser(issuerUrl);
    const person = { name: "support", password: "support" };
    const asked = await browser.submit(await browser.open(url), person);
    await fetch((await browser.submit(asked, {}, "consent")).url);
  };
  let person = Promise.resolve();
  const args = ["login", "--refresh-token-file", file, "--issuer", issuerUrl];
  const { code } = await runCli(args, { browser: (url) => void (person = signIn(url)) });
  await person;
  expect(code).toBe(0);
  expect(await readFile(file, "utf8")).not.toBe("");
}

/** A token of which grpc-go's UserService reads nothing but the age. */
function issuedAt(time = "0 seconds"): string {
  return `${new UnsecuredJWT({}).setIssuedAt(time).encode()}signature`;
}

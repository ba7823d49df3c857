import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createClient } from "@connectrpc/connect";
import type { Interceptor, Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { AuthError, createAuthInterceptor, createTokenSource } from "../../src/lib/core/index.ts";
import type { Fetch, Grant } from "../../src/lib/core/index.ts";
import {
  clientCredentials,
  jwtBearer,
  refreshToken,
  tokenExchange,
} from "../../src/lib/grants/index.ts";
import { trust } from "../../src/lib/node/index.ts";
import { readClientKey } from "../../src/cli/assertion.ts";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { loopbackCertificates } from "../support/certificates.ts";

describe.each(["http", "https"])("over %s", (scheme) => {
  let folder = "";
  let backend: TestBackend;
  let ca: string | undefined;
  let keyFile = "";
  let service: { readonly clientId: string; readonly clientSecret: string };
  const sent: URLSearchParams[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "grants-"));
    backend = await startTestBackend({
      seedUsers: 5,
      ...(scheme === "https" ? { tls: await certificateFiles() } : {}),
    });
    keyFile = join(dirname(backend.databaseFile), "service-client.json");
    const file: Record<string, string> = JSON.parse(await readFile(keyFile, "utf8"));
    service = {
      clientId: file["client_id"] ?? "",
      clientSecret: file["client_secret"] ?? "",
    };
  });
  afterAll(async () => {
    await backend.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function certificateFiles() {
    const { ca: authority, cert, key } = await loopbackCertificates();
    ca = authority;
    const files = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
    await writeFile(files.certFile, cert);
    await writeFile(files.keyFile, key);
    return files;
  }

  const trusted = () => trust(ca === undefined ? {} : { ca });
  /** The `fetch` of the grants; keeps what was sent to the token endpoint. */
  const fetch: Fetch = (input, init) => {
    if (init?.body instanceof URLSearchParams) sent.push(init.body);
    return trusted().fetch(input, init);
  };
  const tokenUrl = () => `${backend.issuerUrl}/oauth2/token`;

  async function assertion(subject = "service-client"): Promise<string> {
    const { sign } = await readClientKey(keyFile);
    return sign({ issuer: "service-client", subject, audience: tokenUrl() });
  }

  interface TransportOptions {
    readonly baseUrl: string;
    readonly nodeOptions: { ca: string[] };
    readonly interceptors: Interceptor[];
  }

  function users(
    grant: Grant,
    create: (options: TransportOptions) => Transport = createGrpcTransport,
  ) {
    const { nodeOptions, interceptor } = trusted();
    const tokenSource = createTokenSource(grant);
    const origins = [backend.apiUrl];
    const interceptors = [createAuthInterceptor({ tokenSource, origins }), interceptor];
    return createClient(
      UserService,
      create({ baseUrl: backend.apiUrl, nodeOptions, interceptors }),
    );
  }

  const grants: Readonly<Record<string, () => Promise<Grant> | Grant>> = {
    "client credentials": () =>
      clientCredentials({
        issuer: backend.issuerUrl,
        clientId: "test-client",
        clientSecret: "foobar",
        scopes: ["users.read"],
        fetch,
      }),
    "JWT bearer": () =>
      jwtBearer({ tokenUrl: tokenUrl(), ...service, assertion, scopes: ["users.read"], fetch }),
    "a refresh token": async () =>
      refreshToken({ tokenUrl: tokenUrl(), ...service, refreshToken: await offline(), fetch }),
    "token exchange": async () =>
      tokenExchange({
        tokenUrl: tokenUrl(),
        ...service,
        subjectToken: await tokenAbout("support"),
        scopes: ["users.read"],
        fetch,
      }),
  };

  async function offline(): Promise<string> {
    const grant = jwtBearer({
      tokenUrl: tokenUrl(),
      ...service,
      assertion: await assertion(),
      scopes: ["users.read", "offline_access"],
      fetch,
    });
    const answer = await grant({ signal: new AbortController().signal });
    return answer.refreshToken ?? "";
  }

  async function tokenAbout(subject: string): Promise<string> {
    const grant = jwtBearer({
      tokenUrl: tokenUrl(),
      ...service,
      assertion: () => assertion(subject),
      scopes: ["users.read"],
      fetch,
    });
    return (await createTokenSource(grant).getToken()).value;
  }

  test.each(Object.keys(grants))("a user is looked up with %s", async (name) => {
    const grant = await grants[name]?.();
    const user = await users(grant as Grant).getUser({ userId: "user123" });
    expect(user.name).toBe("Ada Lovelace");
  });

  test.each([
    ["gRPC-Web over HTTP/1.1", createGrpcWebTransport, "1.1"],
    ["gRPC-Web over HTTP/2", createGrpcWebTransport, "2"],
    ["Connect over HTTP/1.1", createConnectTransport, "1.1"],
    ["Connect over HTTP/2", createConnectTransport, "2"],
  ] as const)("the API speaks %s", async (_name, create, httpVersion) => {
    const grant = (await grants["client credentials"]?.()) as Grant;
    const client = users(grant, (options) => create({ ...options, httpVersion }));
    expect((await client.getUser({ userId: "user123" })).name).toBe("Ada Lovelace");
  });

  test("an exchanged token is about the caller, and names who acts", async () => {
    const grant = (await grants["token exchange"]?.()) as Grant;
    const { value } = await createTokenSource(grant).getToken();
    expect(decodeJwt(value)).toMatchObject({ sub: "support", act: { sub: "service-client" } });
  });

  test("a fixed assertion goes on by refresh token, and without one says that it is spent", async () => {
    const source = async (scopes: readonly string[]) =>
      createTokenSource(
        jwtBearer({
          tokenUrl: tokenUrl(),
          ...service,
          assertion: await assertion(),
          scopes,
          fetch,
        }),
      );
    const goingOn = await source(["users.read", "offline_access"]);
    const first = await goingOn.getToken();
    const second = await goingOn.getToken({ rejected: first.value });
    expect(second.value).not.toBe(first.value);
    expect(sent.at(-1)?.get("grant_type")).toBe("refresh_token");

    const ending = await source(["users.read"]);
    const only = await ending.getToken();
    const refused = ending.getToken({ rejected: only.value });
    await expect(refused).rejects.toThrow(AuthError);
    await expect(refused).rejects.toThrow("assertion was used already");
  });

  test("every rotated refresh token is handed over before its access token is used", async () => {
    const kept: string[] = [];
    const first = await offline();
    const grant = refreshToken({
      tokenUrl: tokenUrl(),
      ...service,
      refreshToken: first,
      onRotated: (rotated) => void kept.push(rotated),
      fetch,
    });
    const source = createTokenSource(grant);
    const token = await source.getToken();
    expect(kept).toHaveLength(1);
    await source.getToken({ rejected: token.value });
    expect(kept).toHaveLength(2);
    expect(new Set([first, ...kept]).size).toBe(3);
  });

  test("1,000 calls from a cold start make one token request", async () => {
    const grant = (await grants["client credentials"]?.()) as Grant;
    const client = users(grant);
    const before = sent.length;
    const calls = Array.from({ length: 1_000 }, () => client.getUser({ userId: "user123" }));
    const names = new Set((await Promise.all(calls)).map(({ name }) => name));
    expect([...names]).toEqual(["Ada Lovelace"]);
    expect(sent.length - before).toBe(1);
  });
});

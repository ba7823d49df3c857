import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import type { Client, Interceptor, Transport } from "@connectrpc/connect";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";
import { startBackend } from "../../src/backend/index.ts";
import type { BackendConfig, RunningBackend } from "../../src/backend/index.ts";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createIssuerBrowser, requestToken, testClient } from "./issuer-browser.ts";

/** How clients reach the API: each protocol over each HTTP version that it is used with. */
export const ways = [
  "gRPC over HTTP/2",
  "gRPC-Web over HTTP/1.1",
  "gRPC-Web over HTTP/2",
  "gRPC-Web with fetch",
  "Connect over HTTP/1.1",
  "Connect over HTTP/2",
  "Connect with fetch",
] as const;
export type Way = (typeof ways)[number];

/** A backend on free ports with a folder of its own. */
export interface TestBackend extends RunningBackend {
  /** The errors that the server reported as its own. */
  readonly failures: readonly unknown[];
  /** A token of `test-client`. */
  serviceToken(): Promise<string>;
  /** A token of a person who has just signed in. */
  personToken(name: string): Promise<string>;
  /** A client; without a token it sends none. */
  client(token?: string, way?: Way): Client<typeof UserService>;
  /** Closes it and removes its folder. */
  remove(): Promise<void>;
}

/** Starts one with 300 users, unless told otherwise. */
export async function startTestBackend(
  overrides: Partial<BackendConfig> = {},
): Promise<TestBackend> {
  const dataDir = await mkdtemp(join(tmpdir(), "user-lookup-"));
  const failures: unknown[] = [];
  const config: BackendConfig = {
    host: "localhost",
    issuerPort: 0,
    apiPort: 0,
    dashboardUrl: "http://localhost:5173",
    databaseFile: join(dataDir, "backend.sqlite"),
    dataDir,
    seedUsers: 300,
    demo: true,
    ...overrides,
  };
  const backend = await startBackend(config, { reportError: (error) => failures.push(error) });
  return {
    ...backend,
    failures,
    serviceToken: () => serviceToken(backend.issuerUrl),
    personToken: (name) => personToken(backend.issuerUrl, name),
    client: (token, way = "gRPC-Web over HTTP/1.1") =>
      createClient(UserService, createTransport(backend.apiUrl, way, token)),
    async remove() {
      await backend.close(1_000);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function createTransport(baseUrl: string, way: Way, token: string | undefined): Transport {
  const attach: Interceptor = (next) => (request) => {
    if (token !== undefined) request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
  const options = { baseUrl, interceptors: [attach] };
  switch (way) {
    case "gRPC over HTTP/2":
      return node.createGrpcTransport(options);
    case "gRPC-Web over HTTP/1.1":
      return node.createGrpcWebTransport({ ...options, httpVersion: "1.1" });
    case "gRPC-Web over HTTP/2":
      return node.createGrpcWebTransport({ ...options, httpVersion: "2" });
    case "gRPC-Web with fetch":
      return web.createGrpcWebTransport(options);
    case "Connect over HTTP/1.1":
      return node.createConnectTransport({ ...options, httpVersion: "1.1" });
    case "Connect over HTTP/2":
      return node.createConnectTransport({ ...options, httpVersion: "2" });
    case "Connect with fetch":
      return web.createConnectTransport({ ...options, useHttpGet: true });
  }
}

/** A token of `test-client` from the issuer at this address. */
export async function serviceToken(issuerUrl: string): Promise<string> {
  const { body } = await requestToken(issuerUrl, { ...testClient, scope: "users.read" });
  return String(body["access_token"]);
}

async function personToken(issuerUrl: string, name: string): Promise<string> {
  const { body } = await createIssuerBrowser(issuerUrl).signIn(name);
  return String(body["access_token"]);
}

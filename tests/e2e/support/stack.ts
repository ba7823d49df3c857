import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { SiteConfig } from "../../../src/site/index.ts";
import { parseSiteConfig } from "../../../src/site/index.ts";
import { apiAddress, startEdge, startSite } from "./edge.ts";
import type { Started } from "./edge.ts";

/** The product as it is deployed: the backend in its own process, the built site behind its headers. */
export interface Stack {
  readonly issuerUrl: string;
  /** Where pages call the API: the backend itself, or what stands in front of it (`edge.ts`). */
  readonly apiUrl: string;
  readonly dashboardUrl: string;
  /** Where the backend keeps its database. */
  readonly dataDir: string;
  startBackend(): Promise<void>;
  stopBackend(): Promise<void>;
  /** Serves another build at the same address; without a folder the first one again. */
  deploy(root?: string): Promise<void>;
  /** Calls one of the issuer's demo endpoints. */
  demo<T>(path: string, body?: object): Promise<T>;
  close(): Promise<void>;
}

/** What the issuer counts. */
export interface Counters {
  readonly tokenRequests: number;
  readonly reuseDetections: number;
}

/** Options of {@link startStack}. */
export interface StackOptions {
  readonly accessTokenTtlSeconds: number;
  readonly seedUsers?: number;
  /** What `config.json` says beyond the addresses. */
  readonly siteConfig?: Partial<Pick<SiteConfig, "brand" | "links" | "supportUrl">>;
  /** A database of users, which is copied; by default a new one is made. */
  readonly databaseFile?: string;
  /** The built site; by default the dashboard. */
  readonly siteRoot?: string;
}

/** Starts everything on free ports. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const [issuerPort = 0, apiPort = 0, dashboardPort = 0, edgePort = 0] = await freePorts(4);
  const dataDir = await mkdtemp(join(tmpdir(), "user-lookup-"));
  const issuerUrl = `http://localhost:${issuerPort}`;
  const apiUrl = apiAddress({ api: apiPort, site: dashboardPort, edge: edgePort });
  const env = {
    ...process.env,
    HOST: "",
    ISSUER_URL: "",
    DATABASE_URL: "",
    ISSUER_PORT: String(issuerPort),
    API_PORT: String(apiPort),
    DASHBOARD_PORT: String(dashboardPort),
    DATA_DIR: dataDir,
    SEED_USERS: String(options.seedUsers ?? 2_000),
    ACCESS_TOKEN_TTL: String(options.accessTokenTtlSeconds),
  };
  if (options.databaseFile !== undefined) {
    await copyFile(options.databaseFile, join(dataDir, "backend.sqlite"));
  }
  const root = options.siteRoot ?? "dist/site";
  const addresses = { issuer: issuerUrl, apiBaseUrl: apiUrl, ...options.siteConfig };
  let site = await serveSite({ root, port: dashboardPort, apiPort }, addresses);
  let backend: ChildProcess | undefined;
  let edge: Started | undefined;
  const stack: Stack = {
    issuerUrl,
    apiUrl,
    dataDir,
    dashboardUrl: site.url,
    async startBackend() {
      backend = await startBackend(env);
    },
    async stopBackend() {
      if (backend !== undefined) await stopProcess(backend);
      backend = undefined;
    },
    async deploy(next = root) {
      await site.stop();
      const served = { root: next, port: dashboardPort, apiPort };
      site = await serveSite(served, addresses);
    },
    demo: (path, body) => callDemo(`${issuerUrl}/demo/${path}`, body),
    async close() {
      await edge?.stop();
      await stack.stopBackend();
      await site.stop();
      await rm(dataDir, { recursive: true });
    },
  };
  await stack.startBackend();
  edge = await startEdge({
    port: edgePort,
    issuer: issuerUrl,
    dashboardOrigin: site.url,
    servicePort: apiPort,
  });
  return stack;
}

function serveSite(
  where: { readonly root: string; readonly port: number; readonly apiPort: number },
  addresses: Pick<SiteConfig, "issuer" | "apiBaseUrl">,
) {
  const config = parseSiteConfig({
    ...addresses,
    clientId: "user-lookup",
    scopes: ["openid", "offline_access", "profile", "users.read", "users.contact"],
    resource: "urn:user-lookup:users",
    demo: true,
  });
  return startSite({ ...where, config });
}

async function startBackend(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const main = ["--disable-warning=ExperimentalWarning", "src/backend/main.ts"];
  const child = spawn("node_modules/.bin/node", main, {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) if (line.startsWith("backend ready")) break;
  if (child.exitCode !== null) throw new Error(`The backend ended with ${child.exitCode}.`);
  return child;
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

async function callDemo<T>(url: string, body: object | undefined): Promise<T> {
  const init =
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        };
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response.json() as Promise<T>;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

import { mkdir, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { UserService } from "../gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../lib/server/index.ts";
import type { TokenGate } from "../lib/server/index.ts";
import { ConfigurationError } from "./config.ts";
import type { BackendConfig } from "./config.ts";
import { openDatabase } from "./database/index.ts";
import { createHttp1Host, createHttpHost } from "./http-host.ts";
import type { HttpHost } from "./http-host.ts";
import { createIssuer } from "./issuer/index.ts";
import type { Issuer } from "./issuer/index.ts";
import { listen } from "./listener.ts";
import type { Listener } from "./listener.ts";
import { secureHost } from "./tls-host.ts";
import type { TlsCredentials } from "./tls-host.ts";
import { createUserStore, createUsersApi, seedUsers } from "./users/index.ts";
import type { UsersApi } from "./users/index.ts";

const API_RESOURCE = "urn:user-lookup:users";
// Issuer and API read the same clock.
const CLOCK_SKEW_SECONDS = 1;
// Longer than a tab waits for another one that stalled in the middle of a refresh.
const REPLAY_GRACE_SECONDS = 60;
const DEFAULT_GRACE_MS = 5_000;
const DAY_MS = 86_400_000;

/** The reference backend, running. */
export interface RunningBackend {
  /** The issuer identifier. */
  readonly issuerUrl: string;
  /** The base URL of `user.v1.UserService`, and of `/healthz`. */
  readonly apiUrl: string;
  readonly issuerPort: number;
  readonly apiPort: number;
  /** The addresses that both ports are open on. */
  readonly addresses: readonly string[];
  /** The SQLite file; other processes may read and write it. */
  readonly databaseFile: string;
  /** How many WatchUser streams are open. */
  openWatches(): number;
  /** Accepts nothing more, ends streams, finishes calls within `graceMs` (5 s), and closes everything. */
  close(graceMs?: number): Promise<void>;
}

/** What `startBackend` tells of itself. */
export interface BackendHooks {
  /** Told of every failure that is the server's own, with the id of the request. */
  readonly reportError?: (error: unknown, requestId: string) => void;
}

/**
 * Starts database, issuer and users' API. When one of them cannot start, what
 * has been started is closed again.
 *
 * @throws ListenError when a port cannot be had; ConfigurationError when a PEM file cannot be read;
 * Error when the database cannot be opened
 */
export async function startBackend(
  config: BackendConfig,
  hooks: BackendHooks = {},
): Promise<RunningBackend> {
  const opened: Closable[] = [];
  try {
    return await start(config, hooks, opened);
  } catch (error) {
    for (const closable of opened.toReversed()) closable.close();
    throw error;
  }
}

interface Closable {
  close(): unknown;
}

async function start(
  config: BackendConfig,
  { reportError = () => {} }: BackendHooks,
  opened: Closable[],
): Promise<RunningBackend> {
  const tls = await readCredentials(config);
  const scheme = tls === undefined ? "http" : "https";
  const ports = await takePorts(config, opened);
  const issuerUrl = config.issuerUrl ?? `${scheme}://localhost:${ports.issuer.port}`;
  const database = await prepareDatabase(config, opened);
  const issuer = await createIssuer({
    ...config,
    database,
    url: issuerUrl,
    apiResource: API_RESOURCE,
    replayGraceSeconds: REPLAY_GRACE_SECONDS,
  });
  opened.push(issuer);
  const api = createUsersApi({
    store: createUserStore(database),
    gate: createGate(issuerUrl, issuer),
    dashboardOrigin: config.dashboardUrl,
    reportError,
  });
  const hosts = createHosts(issuer, api, tls);
  ports.issuer.serve(hosts.issuer.accept);
  ports.api.serve(hosts.api.accept);
  let closed: Promise<void> | undefined;
  return {
    issuerUrl,
    apiUrl: `${scheme}://localhost:${ports.api.port}`,
    issuerPort: ports.issuer.port,
    apiPort: ports.api.port,
    addresses: ports.api.addresses,
    databaseFile: config.databaseFile,
    openWatches: () => api.openWatches,
    close: (graceMs = DEFAULT_GRACE_MS) =>
      (closed ??= closeParts({ ports, hosts, api, issuer, database }, graceMs)),
  };
}

async function readCredentials({ tls }: BackendConfig): Promise<TlsCredentials | undefined> {
  if (tls === undefined) return undefined;
  try {
    return { cert: await readFile(tls.certFile, "utf8"), key: await readFile(tls.keyFile, "utf8") };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `TLS_CERT_FILE or TLS_KEY_FILE cannot be read: ${reason}. Set both to PEM files.`;
    throw new ConfigurationError(message, { cause });
  }
}

function createHosts(issuer: Issuer, api: UsersApi, tls: TlsCredentials | undefined) {
  const plain = {
    issuer: createHttp1Host((req, res) => issuer.handle(req, res)),
    api: createHttpHost(api.handle),
  };
  if (tls === undefined) return plain;
  return {
    issuer: secureHost(plain.issuer, tls, ["http/1.1"]),
    api: secureHost(plain.api, tls, ["h2", "http/1.1"]),
  };
}

interface Ports {
  readonly issuer: Listener;
  readonly api: Listener;
}

async function takePorts(config: BackendConfig, opened: Closable[]): Promise<Ports> {
  const { host } = config;
  const issuer = await listen({ host, port: config.issuerPort, variable: "ISSUER_PORT" });
  opened.push(issuer);
  const api = await listen({ host, port: config.apiPort, variable: "API_PORT" });
  opened.push(api);
  return { issuer, api };
}

async function prepareDatabase(config: BackendConfig, opened: Closable[]): Promise<DatabaseSync> {
  await mkdir(config.dataDir, { recursive: true });
  await mkdir(dirname(resolve(config.databaseFile)), { recursive: true });
  const database = openDatabase(config.databaseFile);
  opened.push(database);
  // People of the same day are the same people.
  seedUsers(database, config.seedUsers, Math.floor(Date.now() / DAY_MS) * DAY_MS);
  return database;
}

function createGate(issuerUrl: string, issuer: Issuer): TokenGate {
  return createTokenGate({
    issuers: [{ issuer: issuerUrl, keys: () => issuer.keys() }],
    audience: API_RESOURCE,
    services: [UserService],
    clockSkewSeconds: CLOCK_SKEW_SECONDS,
  });
}

interface Parts {
  readonly ports: Ports;
  readonly hosts: { readonly issuer: HttpHost; readonly api: HttpHost };
  readonly api: UsersApi;
  readonly issuer: Issuer;
  readonly database: DatabaseSync;
}

async function closeParts({ ports, hosts, api, issuer, database }: Parts, graceMs: number) {
  ports.issuer.close();
  ports.api.close();
  api.close();
  await Promise.all([hosts.issuer.close(graceMs), hosts.api.close(graceMs)]);
  issuer.close();
  database.close();
}

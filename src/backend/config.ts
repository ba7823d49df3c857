import { join } from "node:path";
import { isLoopback } from "./listener.ts";
import { readSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";

const DEFAULTS = {
  issuerPort: 8080,
  apiPort: 50_051,
  dashboardPort: 5_173,
  seedUsers: 10_000,
  dataDir: ".data",
};
const MAX_SEED_USERS = 5_000_000;
const MAX_TTL_SECONDS = 86_400;

/** How the reference backend runs. */
export interface BackendConfig {
  /** Where to listen; a loopback name means both 127.0.0.1 and ::1. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly issuerPort: number;
  /** 0 takes a free port. */
  readonly apiPort: number;
  /** The issuer identifier; by default `http://localhost:` and the port, with `tls` https. */
  readonly issuerUrl?: string;
  /** PEM files for both ports; without them they speak plain http. */
  readonly tls?: TlsFiles;
  /** The origin of the dashboard, without a slash at the end. */
  readonly dashboardUrl: string;
  /** An SQLite file. */
  readonly databaseFile: string;
  /** A folder for keys and cookie secrets; made when missing. */
  readonly dataDir: string;
  /** How many invented people an empty database is filled with. */
  readonly seedUsers: number;
  /** One lifetime for all access tokens, instead of each client's own. */
  readonly accessTokenTtlSeconds?: number;
  /** Demo accounts and `/demo/*`; only ever true on loopback. */
  readonly demo: boolean;
}

/** A certificate, with the authorities between it and its root, and its private key. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A configuration that cannot be used; the message has one line for each mistake. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/**
 * Reads HOST, ISSUER_PORT, API_PORT, DASHBOARD_PORT, ISSUER_URL, DATABASE_URL,
 * DATA_DIR, SEED_USERS, ACCESS_TOKEN_TTL (seconds), TLS_CERT_FILE and
 * TLS_KEY_FILE. Unset and empty are the same; other variables are ignored.
 *
 * @throws ConfigurationError that names every wrong variable, what is wrong, and the remedy
 */
export function parseBackendConfig(
  env: Readonly<Record<string, string | undefined>>,
): BackendConfig {
  const settings = readSettings(env);
  const config = readConfig(settings);
  if (settings.mistakes.length > 0) throw new ConfigurationError(settings.mistakes.join("\n"));
  return config;
}

function readConfig(settings: Settings): BackendConfig {
  const host = settings.text("HOST") ?? "localhost";
  const issuerUrl = readIssuerUrl(settings, host);
  const tls = readTls(settings);
  const dataDir = settings.text("DATA_DIR") ?? DEFAULTS.dataDir;
  const port = { min: 0, max: 65_535 };
  const ttl = settings.integer("ACCESS_TOKEN_TTL", { min: 1, max: MAX_TTL_SECONDS });
  const dashboardPort = settings.integer("DASHBOARD_PORT", port) ?? DEFAULTS.dashboardPort;
  return {
    host,
    issuerPort: settings.integer("ISSUER_PORT", port) ?? DEFAULTS.issuerPort,
    apiPort: settings.integer("API_PORT", port) ?? DEFAULTS.apiPort,
    ...(issuerUrl ? { issuerUrl: issuerUrl.origin } : {}),
    ...(tls ? { tls } : {}),
    dashboardUrl: originOf(issuerUrl, tls, dashboardPort),
    databaseFile: readDatabase(settings) ?? join(dataDir, "backend.sqlite"),
    dataDir,
    seedUsers:
      settings.integer("SEED_USERS", { min: 0, max: MAX_SEED_USERS }) ?? DEFAULTS.seedUsers,
    ...(ttl === undefined ? {} : { accessTokenTtlSeconds: ttl }),
    demo: isLoopback(host) && (issuerUrl === undefined || isLoopback(issuerUrl.hostname)),
  };
}

function readIssuerUrl(settings: Settings, host: string): URL | undefined {
  const url = settings.url("ISSUER_URL");
  if (!url) {
    if (!isLoopback(host) && settings.text("ISSUER_URL") === undefined) {
      settings.mistake(
        "ISSUER_URL",
        `is not set, but HOST is ${host}. Set it to the address that browsers reach the issuer at, for example https://login.example.com`,
      );
    }
    return undefined;
  }
  const isPlain =
    url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (!isPlain) {
    settings.mistake("ISSUER_URL", "has more than scheme, host and port. Leave the rest out");
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    settings.mistake("ISSUER_URL", "is neither https nor http on this machine. Use https");
  }
  return url;
}

function readTls(settings: Settings): TlsFiles | undefined {
  const certFile = settings.text("TLS_CERT_FILE");
  const keyFile = settings.text("TLS_KEY_FILE");
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile !== undefined) settings.mistake("TLS_KEY_FILE", missingHalf("TLS_CERT_FILE"));
  if (keyFile !== undefined) settings.mistake("TLS_CERT_FILE", missingHalf("TLS_KEY_FILE"));
  return undefined;
}

function missingHalf(other: string): string {
  return `is not set, but ${other} is. Set both to PEM files, or neither`;
}

// The dashboard runs on the machine that the issuer is reached at.
function originOf(issuerUrl: URL | undefined, tls: TlsFiles | undefined, port: number): string {
  if (!issuerUrl) return `${tls ? "https" : "http"}://localhost:${port}`;
  return new URL(`${issuerUrl.protocol}//${issuerUrl.hostname}:${port}`).origin;
}

function readDatabase(settings: Settings): string | undefined {
  const value = settings.text("DATABASE_URL");
  if (value === undefined) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(value)?.[1]?.toLowerCase();
  if (scheme === undefined) return value;
  const path = value.slice(scheme.length + 1).replace(/^\/\/(?=\/)/, "");
  if ((scheme === "sqlite" || scheme === "file") && path !== "") return path;
  settings.mistake(
    "DATABASE_URL",
    scheme.startsWith("postgres")
      ? "asks for PostgreSQL, which this version cannot use yet. Leave it out for the embedded SQLite, or give it a file: sqlite:.data/backend.sqlite"
      : `has the scheme "${scheme}". Give it a file, for example sqlite:.data/backend.sqlite`,
  );
  return undefined;
}

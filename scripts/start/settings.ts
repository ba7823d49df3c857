import { isLoopback, parseSiteConfig, SiteConfigError } from "../../src/site/index.ts";
import type { SiteConfig } from "../../src/site/index.ts";
import { loopbackHosts } from "../site-server.ts";
import { StartError } from "./start-error.ts";

/** What `npm start` runs, from the environment. */
export interface Settings {
  /** The addresses to listen on. */
  readonly hosts: readonly string[];
  readonly dashboardPort: number;
  readonly issuerPort: number;
  readonly apiPort: number;
  /** Where browsers reach the dashboard. */
  readonly dashboardUrl: string;
  /** The dashboard's configuration, with the addresses of issuer and API. */
  readonly config: SiteConfig;
  /** Whether all three speak TLS, with certificates that are made on the first start. */
  readonly tls: boolean;
  /** Where keys and data are kept. */
  readonly dataDir: string;
}

const plainPorts = { issuer: 8080, api: 50_051 };
const tlsPorts = { issuer: 9445, api: 9090 };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `HOST`, `ISSUER_PORT`, `API_PORT`, `DASHBOARD_PORT`, `ISSUER_URL` and
 * `DATA_DIR`, and the option `--tls`, which has ports of its own. Dashboard and
 * API are reached at the issuer's machine. Throws a
 * {@link StartError} that names the variable, or the argument that is not known.
 */
export function readSettings(env: Environment, args: readonly string[]): Settings {
  const unknown = args.find((arg) => arg !== "--tls");
  if (unknown !== undefined) {
    throw new StartError(
      `There is no option ${unknown}, only --tls; remove it. Settings are environment variables.`,
    );
  }
  const tls = args.includes("--tls");
  const ports = tls ? tlsPorts : plainPorts;
  const host = env["HOST"] || "localhost";
  const dashboardPort = readPort(env, "DASHBOARD_PORT", 5173);
  const issuerPort = readPort(env, "ISSUER_PORT", ports.issuer);
  const apiPort = readPort(env, "API_PORT", ports.api);
  const issuer = readIssuer(env, tls, issuerPort);
  const at = (port: number) => new URL(`${issuer.protocol}//${issuer.hostname}:${port}`).origin;
  const demo = isLoopbackHost(host) && isLoopback(issuer.href);
  return {
    hosts: isLoopbackHost(host) ? loopbackHosts : [host],
    dashboardPort,
    issuerPort,
    apiPort,
    dashboardUrl: at(dashboardPort),
    tls,
    dataDir: env["DATA_DIR"] || ".data",
    config: readConfig({
      issuer: issuer.origin,
      clientId: "user-lookup",
      scopes: ["openid", "offline_access", "profile", "users.read", "users.contact"],
      resource: "urn:user-lookup:users",
      apiBaseUrl: at(apiPort),
      demo,
    }),
  };
}

/** The one line that says everything runs, and with TLS which authority to trust. */
export function readyLine({ config, dashboardUrl }: Settings, caFile?: string): string {
  const ca = caFile === undefined ? "" : `  CA ${caFile}`;
  const addresses = `dashboard ${dashboardUrl}  issuer ${config.issuer}  API ${config.apiBaseUrl}${ca}`;
  const accounts = "sign in as support, supervisor or guest (the password is the name)";
  return config.demo ? `ready  ${addresses}  ${accounts}` : `ready  ${addresses}`;
}

function readIssuer(env: Environment, tls: boolean, port: number): URL {
  const standard = `${tls ? "https" : "http"}://localhost:${port}`;
  const url = URL.parse(env["ISSUER_URL"] || standard);
  if (tls && url?.protocol === "http:") {
    throw new StartError("ISSUER_URL is plain http, but --tls was asked for; write https.");
  }
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new StartError(
    "ISSUER_URL is no address; write scheme, host and port, for example http://localhost:8080.",
  );
}

function readConfig(value: unknown): SiteConfig {
  try {
    return parseSiteConfig(value);
  } catch (error) {
    if (!(error instanceof SiteConfigError)) throw error;
    throw new StartError(`ISSUER_URL does not fit the dashboard: ${error.message}`, {
      cause: error,
    });
  }
}

function readPort(env: Environment, variable: string, standard: number): number {
  const text = env[variable] || String(standard);
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new StartError(`${variable} is "${text}"; write a port from 1 to 65535.`);
}

function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

import { parseSiteConfig, SiteConfigError } from "../../src/site/index.ts";
import type { SiteConfig } from "../../src/site/index.ts";
import { loopbackHosts } from "../site-server.ts";
import { StartError } from "./start-error.ts";

/** What `npm start` runs, from the environment. */
export interface Settings {
  /** The addresses to listen on. */
  readonly hosts: readonly string[];
  readonly dashboardPort: number;
  /** Whether there are demo accounts: on loopback only. */
  readonly demo: boolean;
  /** The dashboard's configuration, with the addresses of issuer and API. */
  readonly config: SiteConfig;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `HOST`, `ISSUER_PORT`, `API_PORT`, `DASHBOARD_PORT` and `ISSUER_URL`.
 * Throws a {@link StartError} that names the variable, or the argument that is
 * not known.
 */
export function readSettings(env: Environment, args: readonly string[]): Settings {
  const [unknown] = args;
  if (unknown !== undefined) {
    throw new StartError(
      `There is no option ${unknown}; remove it. Settings are environment variables.`,
    );
  }
  const host = env["HOST"] || "localhost";
  const issuerPort = readPort(env, "ISSUER_PORT", 8080);
  const apiPort = readPort(env, "API_PORT", 50051);
  const demo = isLoopbackHost(host);
  return {
    hosts: host === "localhost" ? loopbackHosts : [host],
    dashboardPort: readPort(env, "DASHBOARD_PORT", 5173),
    demo,
    config: readConfig({
      issuer: env["ISSUER_URL"] || `http://localhost:${issuerPort}`,
      clientId: "user-lookup",
      scopes: ["openid", "offline_access", "profile", "users.read", "users.contact"],
      resource: "urn:user-lookup:users",
      apiBaseUrl: `http://localhost:${apiPort}`,
      demo,
    }),
  };
}

/** The one line that says everything runs. */
export function readyLine(settings: Settings): string {
  const { config, dashboardPort, demo } = settings;
  const addresses = `dashboard http://localhost:${dashboardPort}  issuer ${config.issuer}  API ${config.apiBaseUrl}`;
  const accounts = "sign in as support, supervisor or guest (the password is the name)";
  return demo ? `ready  ${addresses}  ${accounts}` : `ready  ${addresses}`;
}

function readConfig(value: unknown): SiteConfig {
  try {
    return parseSiteConfig(value);
  } catch (error) {
    if (!(error instanceof SiteConfigError)) throw error;
    const variables: Readonly<Record<string, string>> = { issuer: "ISSUER_URL", demo: "HOST" };
    const variable = variables[error.field] ?? error.field;
    throw new StartError(`${variable} does not fit: ${error.message}`, { cause: error });
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

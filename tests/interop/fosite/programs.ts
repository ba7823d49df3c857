import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startChild } from "../support/child.ts";
import { goProgram, which } from "../support/install.ts";
import type { FoundPeer, Missing } from "../support/peer.ts";

/** The provider of fosite's how-to, and one with more grants, built. */
export interface FositePrograms extends FoundPeer {
  readonly howTo: string;
  readonly grants: string;
}

/** A running provider. */
export interface FositeProvider {
  /** Its address, which is also the issuer of the one with more grants. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Builds both; they need Go, and the command of the how-to needs curl. */
export async function findFosite(): Promise<FositePrograms | Missing> {
  if (which("curl") === undefined) return { missing: "curl is not on the PATH; install curl" };
  const howTo = await goProgram("fosite/how-to");
  if ("missing" in howTo) return howTo;
  const grants = await goProgram("fosite/grants");
  if ("missing" in grants) return grants;
  return { version: moduleVersion(), howTo: howTo.path, grants: grants.path };
}

/** Starts one of the programs on a free port of 127.0.0.1. */
export async function startFosite(program: string, ...args: string[]): Promise<FositeProvider> {
  const child = await startChild({ name: "fosite", argv: [program, ...args] });
  const [, url = ""] = await child.printed(/^serving on (\S+)$/m);
  return { url, stop: () => child.stop() };
}

function moduleVersion(): string {
  const file = readFileSync(join(import.meta.dirname, "go.mod"), "utf8");
  return /github\.com\/ory\/fosite v(\S+)$/m.exec(file)?.[1] ?? "unknown";
}

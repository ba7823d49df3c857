import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where the suites leave what they found, one file for each peer. */
const folder = resolve(".cache/interop");

/** One feature of one peer, tried. */
export interface Row {
  readonly feature: string;
  readonly result: "passes" | "fails";
  /** How the peer differs from the standard or from others, and what is done about it. */
  readonly deviation?: string;
}

/** What a suite found out about its peer. */
export interface PeerRun {
  /** The peer's own name: `Keycloak`. */
  readonly peer: string;
  /** Its version; absent when the peer is missing. */
  readonly version?: string;
  /** What is missing on this machine, and how to get it. */
  readonly missing?: string;
  readonly rows: readonly Row[];
}

/** Leaves what a suite found for the table and the document. */
export function writeRun(run: PeerRun): void {
  mkdirSync(folder, { recursive: true });
  const file = `${run.peer.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.json`;
  writeFileSync(join(folder, file), JSON.stringify(run, undefined, 2));
}

/** Forgets the last run. */
export function forgetRuns(): void {
  for (const file of runFiles()) rmSync(file);
}

/** What the suites of the last run found, by the peers' names. */
export function readRuns(): readonly PeerRun[] {
  return runFiles()
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as PeerRun)
    .toSorted((a, b) => a.peer.localeCompare(b.peer, "en"));
}

function runFiles(): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name));
}

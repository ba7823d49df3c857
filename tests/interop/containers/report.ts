import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "../../../scripts/test/command.ts";
import { goProgram } from "../support/install.ts";
import type { Missing } from "../support/peer.ts";

/** The program that has the parsers of Docker's build and compose. */
export interface FoundParsers {
  readonly version: string;
  readonly program: string;
}

/** One instruction of a Containerfile, as BuildKit reads it. */
export interface Instruction {
  readonly Name: string;
  readonly Fields: {
    readonly SourcePaths?: readonly string[];
    readonly DestPath?: string;
    /** The stage that is copied from; empty: the build's context. */
    readonly From?: string;
    readonly Path?: string;
    readonly User?: string;
    readonly CmdLine?: readonly string[];
    readonly Volumes?: readonly string[];
    readonly Env?: readonly { readonly Key: string; readonly Value: string }[];
    readonly Health?: { readonly Test: readonly string[] };
  };
}

/** One stage of a Containerfile. */
export interface Stage {
  readonly Name: string;
  readonly Commands: readonly Instruction[];
}

/** One service, as compose reads it. */
export interface ComposeService {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly network_mode?: string;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly unknown[];
  readonly volumes?: readonly {
    readonly type: string;
    readonly source: string;
    readonly read_only?: boolean;
  }[];
}

/** What both parsers say of `deploy`. */
export interface DeployReport {
  readonly containerfile: {
    /** What `docker build --check` warns of; null when there is nothing. */
    readonly findings: readonly string[] | null;
    readonly arguments: readonly {
      readonly Args: readonly { readonly Key: string; readonly Value: string }[];
    }[];
    readonly stages: readonly Stage[];
  };
  readonly compose: { readonly services: Readonly<Record<string, ComposeService>> };
}

/** Builds the parsers from their Go modules. */
export async function findParsers(): Promise<FoundParsers | Missing> {
  const built = await goProgram("container-files");
  if ("missing" in built) return built;
  const modules = readFileSync(resolve("tests/interop/container-files/go.mod"), "utf8");
  const versionOf = (name: string) => new RegExp(`${name} v(\\S+)`).exec(modules)?.[1] ?? "unknown";
  const [buildkit, compose] = [versionOf("moby/buildkit"), versionOf("compose-go/v2")];
  return { version: `BuildKit ${buildkit} and compose-go ${compose}`, program: built.path };
}

/** Reads `deploy/Containerfile` and `deploy/compose.yaml`; throws what a parser refuses. */
export async function readDeploy({ program }: FoundParsers): Promise<DeployReport> {
  const exit = await command([program, "deploy/Containerfile", "deploy/compose.yaml"]);
  if (exit.code !== 0) throw new Error(exit.output);
  return JSON.parse(exit.output) as DeployReport;
}

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { command } from "../../../scripts/test/command.ts";
import { startChild } from "../support/child.ts";
import type { Child } from "../support/child.ts";
import { goProgram, refusal, which } from "../support/install.ts";
import type { Missing } from "../support/peer.ts";

const name = "grpc-go-user-service";
const folder = resolve("tests/interop", name);

/** The program, and the version of grpc-go in it. */
export interface FoundService {
  readonly version: string;
  readonly program: string;
}

/** A UserService that knows nothing of OAuth. */
export interface Service {
  readonly port: number;
  /** How many calls came to it, whether it refused them or not. */
  calls(): number;
  output(): string;
  stop(): Promise<void>;
}

/** Generates the Go code of the contract and builds the program. */
export async function findService(): Promise<FoundService | Missing> {
  if (which("go") === undefined) return { missing: "go is not on the PATH; install Go" };
  const buf = resolve("node_modules/.bin/buf");
  const generated = await command([buf, "generate", resolve("proto")], { cwd: folder });
  const refused = refusal(generated, "Go cannot get its generators");
  if (refused !== undefined) return refused;
  const built = await goProgram(name);
  if ("missing" in built) return built;
  const modules = readFileSync(resolve(folder, "go.mod"), "utf8");
  const version = /google\.golang\.org\/grpc v(\S+)/.exec(modules)?.[1] ?? "unknown";
  return { version, program: built.path };
}

/** Starts it; see `main.go` for its flags. */
export async function startService(
  { program }: FoundService,
  ...flags: readonly string[]
): Promise<Service> {
  const child: Child = await startChild({
    name: "The service of grpc-go",
    argv: [program, ...flags],
  });
  const [, port] = await child.printed(/ready \S+:(\d+)/);
  return {
    port: Number(port),
    calls: () => child.output().match(/^(called|refused) /gm)?.length ?? 0,
    output: () => child.output(),
    stop: () => child.stop(),
  };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { findService } from "../grpc-go/service.ts";
import type { FoundService } from "../grpc-go/service.ts";
import { goProgram } from "../support/install.ts";
import type { FoundPeer, Missing } from "../support/peer.ts";

/** The Go programs, built. */
export interface GoPrograms extends FoundPeer {
  /** The second seed's, with a refresh token. */
  readonly tokenSource: string;
  /** The same lookup by client credentials. */
  readonly clientCredentials: string;
  readonly service: FoundService;
}

/** Builds them, with the Go code that the service has of the contract; they need Go. */
export async function findGoPrograms(): Promise<GoPrograms | Missing> {
  const service = await findService();
  if ("missing" in service) return service;
  const tokenSource = await goProgram("go-token-source/token-source");
  if ("missing" in tokenSource) return tokenSource;
  const clientCredentials = await goProgram("go-token-source/client-credentials");
  if ("missing" in clientCredentials) return clientCredentials;
  return {
    version: moduleVersions(),
    tokenSource: tokenSource.path,
    clientCredentials: clientCredentials.path,
    service,
  };
}

/** A run of the seed's program, which looks up whom it is asked for. */
export interface Lookups {
  /** The line that it prints for a user. Rejects, with its last words, when it ends instead. */
  ask(userId: string): Promise<string>;
  /** Tells it that nobody else is asked for; resolves with its exit code. */
  end(): Promise<unknown>;
}

/** Starts the seed's program. */
export function startLookups(
  program: string,
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Lookups {
  const child = spawn(program, args, { env: { ...process.env, ...env } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const complaint = text(child.stderr);
  const exit = once(child, "close");
  return {
    async ask(userId) {
      child.stdin.write(`${userId}\n`);
      const line = await lines.next();
      if (line.done !== true) return line.value;
      throw new Error(await complaint);
    },
    async end() {
      child.stdin.end();
      const [code]: unknown[] = await exit;
      return code;
    },
  };
}

/** For example "1.85.0 (x/oauth2 0.37.0)". */
function moduleVersions(): string {
  const file = readFileSync(join(import.meta.dirname, "go.mod"), "utf8");
  const of = (module: string) => new RegExp(`${module} v(\\S+)$`, "m").exec(file)?.[1];
  return `${of("google.golang.org/grpc")} (x/oauth2 ${of("golang.org/x/oauth2")})`;
}

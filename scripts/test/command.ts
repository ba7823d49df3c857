import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** How a program ended. */
export interface Exit {
  /** The exit code; 1 when a signal ended it. */
  readonly code: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

/** How to run a program. */
export interface CommandOptions {
  /** The folder to run it in; by default that of this process. */
  readonly cwd?: string;
  /** Ends the program, and everything it started, after this time. */
  readonly timeoutMs?: number;
  /** Shows the output as it comes, not only in the result. */
  readonly live?: boolean;
}

const running = new Set<ChildProcess>();

/**
 * Runs a program found on the PATH and collects its output. Never rejects: a
 * program that cannot be started exits with 1 and says why.
 */
export async function command(
  argv: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<Exit> {
  const { cwd, timeoutMs = 600_000, live = false } = options;
  const [program, ...args] = argv;
  // A group of its own, so that servers and browsers end together with it.
  const child = spawn(program, args, {
    cwd,
    env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (live) process.stdout.write(chunk);
    });
  }
  const timer = setTimeout(() => {
    chunks.push(Buffer.from(`\nEnded after ${timeoutMs / 1000} s: ${argv.join(" ")}\n`));
    endGroup(child);
  }, timeoutMs);
  const code = await exitCode(child, chunks);
  clearTimeout(timer);
  running.delete(child);
  return { code, output: Buffer.concat(chunks).toString() };
}

/** Ends every program that `command` still runs. */
export function endAll(): void {
  for (const child of running) endGroup(child);
}

async function exitCode(child: ChildProcess, chunks: Buffer[]): Promise<number> {
  try {
    const [code] = await once(child, "close");
    return typeof code === "number" ? code : 1;
  } catch (error) {
    chunks.push(Buffer.from(`${String(error)}\n`));
    return 1;
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group ended by itself in the meantime.
  }
}

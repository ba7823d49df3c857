import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { StartError } from "./start-error.ts";

/** The reference backend in a process of its own. */
export interface Backend {
  /** Settles when it serves; rejects with a {@link StartError} when it ends before. */
  readonly ready: Promise<void>;
  /** Rejects with a {@link StartError} when it ends without having been stopped. */
  readonly ended: Promise<never>;
  /** Asks it to end, and after `graceMs` ends it; settles when it is gone. */
  readonly stop: (graceMs?: number) => Promise<void>;
}

/** Starts the backend of the repository at `root` with this process's environment and `variables`. */
export function startBackend(
  root: string,
  variables: Readonly<Record<string, string>> = {},
): Backend {
  const watch = join(import.meta.dirname, "exit-with-parent.ts");
  const main = join(root, "src", "backend", "main.ts");
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--import", watch, main],
    // A group of its own: Ctrl-C reaches the start script only, which stops it once.
    {
      cwd: root,
      env: { ...process.env, ...variables },
      detached: true,
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    },
  );
  return superviseBackend(child);
}

function superviseBackend(child: ChildProcess): Backend {
  let stopping = false;
  const gone = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      resolve(signal ?? `exit code ${String(code)}`);
    });
    child.once("error", (error) => {
      resolve(error.message);
    });
  });
  const ended = gone.then((how) => {
    if (stopping) return new Promise<never>(() => {});
    throw new StartError(`The backend has ended (${how}); its message is above.`);
  });
  ended.catch(() => {});
  return {
    ready: Promise.race([announcement(child), ended]),
    ended,
    stop: async (graceMs = 5000) => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const kill = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await gone;
      clearTimeout(kill);
    },
  };
}

/** Settles at the line `backend ready…`; every other line goes to stderr. */
function announcement(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("backend ready")) resolve();
      else process.stderr.write(`${line}\n`);
    });
  });
}

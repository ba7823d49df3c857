import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

/** What the backend says of itself when it is ready. */
export interface BackendFacts {
  readonly issuerUrl: string;
  readonly issuerPort: number;
  readonly apiUrl: string;
  readonly apiPort: number;
  readonly addresses: readonly string[];
  readonly demo: boolean;
}

/** The backend in a process of its own. */
export interface BackendProcess {
  readonly child: ChildProcess;
  /** All that it writes to standard error. */
  readonly errors: Promise<string>;
  /** Its exit code. */
  readonly exit: Promise<unknown>;
  /** Waits for its line; rejects with its errors when it ends before. */
  ready(): Promise<BackendFacts>;
}

/** Runs the backend as `npm start` does, on free ports and with few users. */
export function runBackend(env: Readonly<Record<string, string>>): BackendProcess {
  const usual = { ISSUER_PORT: "0", API_PORT: "0", SEED_USERS: "200" };
  const child = spawn(process.execPath, ["src/backend/main.ts"], {
    env: { ...process.env, ...usual, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors = text(child.stderr);
  const exit = once(child, "close").then(([code]: unknown[]) => code);
  async function ready(): Promise<BackendFacts> {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith("backend ready ")) return JSON.parse(line.slice("backend ready ".length));
    }
    throw new Error(`the backend did not become ready: ${await errors}`);
  }
  return { child, errors, exit, ready };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** A program that a suite started. */
export interface Child {
  /** What it printed so far, without tokens and codes. */
  output(): string;
  /** The first match in what it printed or will print. Rejects when it ends before. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Ends it and everything it started; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How to start a program, and how one knows that it is ready. */
export interface ChildOptions {
  /** What messages call it. */
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Asked again and again until it is true; a rejection counts as not yet. */
  readonly ready?: (child: Child) => Promise<boolean>;
  /** How long it may take until it is ready. */
  readonly readyMs?: number;
}

/**
 * Starts a program and waits until it is ready. Rejects, with what it printed,
 * when it ends before or is not ready in time; it is stopped then.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, argv, cwd, env, ready = () => Promise.resolve(true), readyMs = 120_000 } = options;
  const [program, ...args] = argv;
  // A group of its own, so that what it starts ends together with it.
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  let ended: string | undefined;
  const gone = once(child, "close").then(
    ([code, signal]) => (ended = `has ended (${String(code ?? signal)})`),
    (error: unknown) => (ended = `could not be started (${String(error)})`),
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  const kill = (signal: NodeJS.Signals): void => endGroup(child.pid, signal);
  const killAtExit = (): void => kill("SIGKILL");
  process.once("exit", killAtExit);
  const started: Child = {
    output: () => withoutSecrets(text),
    async printed(pattern) {
      for (;;) {
        const match = text.match(pattern);
        if (match !== null) return match;
        if (ended !== undefined) throw failure(name, `${ended} and never printed ${pattern}`, text);
        await Promise.race([once(child.stdout, "data"), once(child.stderr, "data"), gone]);
      }
    },
    async stop() {
      kill("SIGTERM");
      const timer = setTimeout(kill, 10_000, "SIGKILL");
      await gone;
      clearTimeout(timer);
      // What the program itself left behind in its group.
      kill("SIGKILL");
      process.off("exit", killAtExit);
    },
  };
  const deadline = performance.now() + readyMs;
  while (!(await ready(started).catch(() => false))) {
    const late = performance.now() > deadline ? `was not ready after ${readyMs / 1000} s` : ended;
    if (late !== undefined) {
      await started.stop();
      throw failure(name, late, text);
    }
    await pause(50);
  }
  return started;
}

/** Whether a GET of `url` is answered with `status`: a readiness condition. */
export async function answers(url: string, status = 200): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.status === status;
}

/** A port of the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended by itself in the meantime.
  }
}

function failure(name: string, what: string, text: string): Error {
  return new Error(`${name} ${what}. It printed:\n${withoutSecrets(text).slice(-4_000)}`);
}

/** Without JSON web tokens, and without what an address or a form carries in secret. */
function withoutSecrets(text: string): string {
  return text
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "<token>")
    .replace(/\b(code|state|\w*_token|\w*_verifier|\w*secret|assertion)=[^&\s"]+/g, "$1=<hidden>");
}

import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { run } from "../../src/cli/run.ts";

/** What a run of `user-lookup` left. */
export interface CliResult {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** What a run is given beside its arguments. */
export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The lines of standard input; without them a person sits there. */
  readonly lines?: readonly string[];
  readonly signal?: AbortSignal;
  /** Told of each line of the answer, as it is written. */
  readonly onPrint?: (line: string) => void;
  /** Told of each line about it. */
  readonly onTell?: (line: string) => void;
  /** Is shown the pages that the program opens. */
  readonly browser?: (url: string) => void;
}

/** Runs `user-lookup` in this process, over real connections. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const { env = {}, lines, signal, onPrint, onTell, browser } = options;
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(
    {
      args,
      env: { HOME: "/nonexistent", ...env },
      input: {
        isTerminal: lines === undefined,
        async *lines() {
          yield* lines ?? [];
        },
      },
      print(line) {
        out.push(line);
        onPrint?.(line);
      },
      tell(line) {
        err.push(line);
        onTell?.(line);
      },
      interrupted: signal ?? new AbortController().signal,
      async openLoopback(handler) {
        const server = createServer(handler).listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        return { port, close: () => void server.close() };
      },
      openBrowser: (url) => browser?.(url),
    },
    "1.2.3",
  );
  return { code, out, err };
}

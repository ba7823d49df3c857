import type { RequestListener } from "node:http";

/** Everything of the process that the program touches; `main` has the real one. */
export interface World {
  /** The arguments, without the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard input: whether a person types it, and its lines. */
  readonly input: { readonly isTerminal: boolean; readonly lines: () => AsyncIterable<string> };
  /** Writes a line of the answer to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line about the answer to standard error. */
  readonly tell: (line: string) => void;
  /** Aborts when the person interrupts the program. */
  readonly interrupted: AbortSignal;
  /** Listens on a free port of 127.0.0.1. */
  readonly openLoopback: (
    handler: RequestListener,
  ) => Promise<{ readonly port: number; readonly close: () => void }>;
  /** Shows a page in the person's browser, if there is one. */
  readonly openBrowser: (url: string) => void;
}

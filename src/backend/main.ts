import { startBackend } from "./backend.ts";
import type { RunningBackend } from "./backend.ts";
import { ConfigurationError, parseBackendConfig } from "./config.ts";
import { ListenError } from "./listener.ts";

function reportError(error: unknown, requestId: string): void {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`request ${requestId} failed: ${told}\n`);
}

function fail(error: unknown): void {
  const isMistake = error instanceof ConfigurationError || error instanceof ListenError;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`${isMistake ? message : (stack ?? message)}\n`);
  process.exitCode = 1;
}

function stopOnSignals(backend: RunningBackend): void {
  const stop = () => void backend.close().catch(fail);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
}

try {
  const config = parseBackendConfig(process.env);
  const backend = await startBackend(config, { reportError });
  stopOnSignals(backend);
  const { issuerUrl, issuerPort, apiUrl, apiPort, databaseFile, addresses } = backend;
  const ports = { issuerPort, apiPort };
  const facts = { issuerUrl, apiUrl, ...ports, databaseFile, addresses, demo: config.demo };
  process.stdout.write(`backend ready ${JSON.stringify(facts)}\n`);
} catch (error) {
  fail(error);
}

import type { UnreadableRecordError } from "../../src/lib/browser/record-cipher.ts";
import type { createResilientStore } from "../../src/lib/browser/resilient-store.ts";
import type { createAuthInterceptor } from "../../src/lib/core/auth-interceptor.ts";
import type { createRefreshCoordinator } from "../../src/lib/core/refresh-coordinator.ts";
import type { resumeStream } from "../../src/lib/core/resume-stream.ts";
import type { createServerResolver } from "../../src/lib/grants/authorization-server.ts";
import type { createRefreshExchange } from "../../src/lib/grants/refresh-exchange.ts";

/** The code that is simulated: the product, or a mutant of it. */
export interface Subject {
  readonly createAuthInterceptor: typeof createAuthInterceptor;
  readonly createRefreshCoordinator: typeof createRefreshCoordinator;
  readonly resumeStream: typeof resumeStream;
  readonly createServerResolver: typeof createServerResolver;
  readonly createRefreshExchange: typeof createRefreshExchange;
  readonly createResilientStore: typeof createResilientStore;
  readonly UnreadableRecordError: typeof UnreadableRecordError;
}

/** Loads the code below a folder that is laid out like `src/lib`. */
export async function loadSubject(library: URL): Promise<Subject> {
  const load = (path: string) => import(new URL(path, library).href) as Promise<Subject>;
  const [interceptor, coordinator, stream, server, exchange, store, cipher] = await Promise.all([
    load("core/auth-interceptor.ts"),
    load("core/refresh-coordinator.ts"),
    load("core/resume-stream.ts"),
    load("grants/authorization-server.ts"),
    load("grants/refresh-exchange.ts"),
    load("browser/resilient-store.ts"),
    load("browser/record-cipher.ts"),
  ]);
  return {
    createAuthInterceptor: interceptor.createAuthInterceptor,
    createRefreshCoordinator: coordinator.createRefreshCoordinator,
    resumeStream: stream.resumeStream,
    createServerResolver: server.createServerResolver,
    createRefreshExchange: exchange.createRefreshExchange,
    createResilientStore: store.createResilientStore,
    UnreadableRecordError: cipher.UnreadableRecordError,
  };
}

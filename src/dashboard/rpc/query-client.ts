import { QueryClient, notifyManager } from "@tanstack/react-query";
import type { QueryKey } from "@tanstack/react-query";
import { describeFailure } from "./failure.ts";

const STALE_AFTER_MS = 10_000;
// Long enough for a telephone call, so that Back finds the list as it was.
const KEPT_UNUSED_MS = 600_000;
// Every key asks for a list of its own: a working day must not fill the memory.
const MAX_UNUSED = 30;
const LONGEST_DELAY_MS = 8_000;

/**
 * How long to wait before attempt number `failures` + 2: doubling up to eight
 * seconds, with half of it left to chance so that tabs do not march in step.
 */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(500 * 2 ** failures, LONGEST_DELAY_MS);
  return ceiling / 2 + (ceiling / 2) * random();
}

/** Makes a query's call at once, also in the middle of a pause between attempts. */
export function askAgain(
  client: QueryClient,
  queryKey: QueryKey,
  query: { refetch(): Promise<unknown> },
): void {
  void client.cancelQueries({ queryKey, exact: true }).then(() => query.refetch());
}

/**
 * A client whose queries go on by themselves: what waiting can cure is tried
 * again for as long as somebody looks at it, everything else fails at once. Of
 * the answers that nobody looks at it keeps the last thirty, ten minutes long.
 */
export function createQueryClient(): QueryClient {
  // By default an answer waits for a timer, and so do the rows in it.
  notifyManager.setScheduler(queueMicrotask);
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_AFTER_MS,
        gcTime: KEPT_UNUSED_MS,
        retry: (_failures, error) => describeFailure(error).transient,
        retryDelay: (failures) => retryDelayMs(failures),
      },
    },
  });
  const cache = client.getQueryCache();
  cache.subscribe(({ type }) => {
    if (type !== "observerRemoved") return;
    const unused = cache.getAll().filter((query) => query.getObserversCount() === 0);
    for (const query of unused.slice(0, -MAX_UNUSED)) cache.remove(query);
  });
  return client;
}

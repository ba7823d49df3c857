import { QueryClient } from "@tanstack/react-query";
import { describeFailure } from "./failure.ts";

const STALE_AFTER_MS = 10_000;
const LONGEST_DELAY_MS = 8_000;

/**
 * How long to wait before attempt number `failures` + 2: doubling up to eight
 * seconds, with half of it left to chance so that tabs do not march in step.
 */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(500 * 2 ** failures, LONGEST_DELAY_MS);
  return ceiling / 2 + (ceiling / 2) * random();
}

/**
 * A client whose queries go on by themselves: what waiting can cure is tried
 * again for as long as somebody looks at it, everything else fails at once.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_AFTER_MS,
        gcTime: 60_000,
        retry: (_failures, error) => describeFailure(error).transient,
        retryDelay: (failures) => retryDelayMs(failures),
      },
    },
  });
}

import type { KoaContextWithOIDC, Provider } from "oidc-provider";

/** What the token endpoint did since the last reset. */
export interface CounterValues {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** All requests to the token endpoint that reached it, those in trouble on purpose included. */
  readonly tokenRequests: number;
  /** Requests by grant type, and by outcome within it: `success`, or the error code. */
  readonly byGrantType: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Successful refreshes. */
  readonly refreshes: number;
  /** Used refresh tokens that came again, each of which ended its whole grant. */
  readonly reuseDetections: number;
}

/** Counts what the token endpoint does. */
export interface Counters {
  /** Counts what `provider` does from now on. */
  observe(provider: Provider): void;
  /** Counts a request that was answered before a provider saw it. */
  countTrouble(outcome: string): void;
  values(): CounterValues;
  reset(): void;
}

const TROUBLE = "trouble";

/** Counters at zero. */
export function createCounters(nowMs: () => number): Counters {
  let since = nowMs();
  let reuseDetections = 0;
  const outcomes = new Map<string, Map<string, number>>();
  const count = (grantType: string, outcome: string) => {
    const byOutcome = outcomes.get(grantType) ?? new Map<string, number>();
    byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0) + 1);
    outcomes.set(grantType, byOutcome);
  };
  return {
    observe(provider) {
      provider.on("grant.success", (ctx) => count(grantTypeOf(ctx), "success"));
      provider.on("grant.error", (ctx, error) => {
        count(grantTypeOf(ctx), error.error);
        if (ctx.oidc.entities.RefreshToken?.consumed !== undefined) reuseDetections += 1;
      });
    },
    countTrouble: (outcome) => count(TROUBLE, outcome),
    values: () => ({
      since,
      tokenRequests: sum([...outcomes.values()].flatMap((byOutcome) => [...byOutcome.values()])),
      byGrantType: Object.fromEntries(
        [...outcomes].map(([grantType, byOutcome]) => [grantType, Object.fromEntries(byOutcome)]),
      ),
      refreshes: outcomes.get("refresh_token")?.get("success") ?? 0,
      reuseDetections,
    }),
    reset() {
      since = nowMs();
      reuseDetections = 0;
      outcomes.clear();
    },
  };
}

/** Only grant types of ours become keys, so that a stranger's input does not grow the table. */
function grantTypeOf(ctx: KoaContextWithOIDC): string {
  const grantType = ctx.oidc.params?.["grant_type"];
  const { client } = ctx.oidc;
  const isKnown = typeof grantType === "string" && client?.grantTypeAllowed(grantType) === true;
  return isKnown ? grantType : "other";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}

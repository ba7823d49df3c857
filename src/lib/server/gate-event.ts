import type { RefusalCheck, RefusalReason } from "./refusal.ts";

/** What happened at the gate, for logs and metrics. No event holds a token. */
export type GateEvent =
  | {
      /** A call was not let in. */
      readonly type: "refused";
      /** `package.Service/Method`. */
      readonly method: string;
      readonly reason: RefusalReason;
      /** What was looked at; finer than the reason, and never sent. */
      readonly check: RefusalCheck;
      readonly cause: unknown;
    }
  | { readonly type: "keys-loaded"; readonly issuer: string; readonly keyCount: number }
  | { readonly type: "keys-failed"; readonly issuer: string; readonly message: string };

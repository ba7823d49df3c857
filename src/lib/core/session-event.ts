import type { AuthErrorCode } from "./auth-error.ts";

/** What happened in a session. No event holds a secret. */
export type SessionEvent = { readonly at: number } & (
  | { readonly type: "signed-in"; readonly by: "this-tab" | "another-tab" | "restored" }
  | { readonly type: "signed-out"; readonly by: "this-tab" | "another-tab" }
  | {
      /** A new access token from the issuer. */
      readonly type: "renewed";
      readonly reason: "expiring" | "expired" | "rejected" | "first-use";
      readonly durationMs: number;
      /** How many calls had to wait for it. */
      readonly waiting: number;
    }
  /** A new access token that another tab had fetched. */
  | { readonly type: "adopted" }
  | {
      /** A token request failed; it is tried again at `nextAttemptAt`. */
      readonly type: "renewal-failed";
      readonly code: AuthErrorCode;
      readonly status: number | undefined;
      readonly oauthError: string | undefined;
      readonly nextAttemptAt: number | undefined;
      /** Whether calls still have a token that is valid. */
      readonly served: boolean;
    }
  /** The issuer has refused the refresh token: only a person can go on. */
  | { readonly type: "interaction-required" }
  | {
      /** The product works, but with less than it could have. */
      readonly type: "warning";
      readonly about: "store" | "lock" | "clock" | "listener";
      readonly message: string;
    }
);

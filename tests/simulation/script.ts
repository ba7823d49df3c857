/**
 * What happens in one run. Plain data, so that fast-check can shrink it, and a
 * person can read what is left. Times in milliseconds, tabs and people by number.
 */
export interface Script {
  /** Drives every latency and jitter of the run. */
  readonly seed: number;
  readonly tabs: number;
  readonly issuer: IssuerPolicy;
  /** False for browsers without Web Locks. */
  readonly locks: boolean;
  /** Refreshes go through `createRefreshExchange` and a `fetch`. */
  readonly realGrant: boolean;
  readonly steps: readonly Step[];
}

export interface IssuerPolicy {
  /** `none`: answers without a refresh token, the old one stays. */
  readonly rotation: "none" | "each-time";
  /** How long a refresh token that was replaced is still taken. */
  readonly graceMs: number;
  readonly lifetimeMs: number;
}

export interface Step {
  readonly waitMs: number;
  readonly action: Action;
}

/** What may befall a request to the token endpoint. */
export type TokenTrouble =
  | "lost-request"
  | "lost-response"
  | "silence"
  | "slow"
  | "429"
  | "503"
  | "503-retry-after"
  | "504-after-the-fact"
  | "garbage"
  | "invalid-client"
  | "narrow-scope";

/** How a server stream ends. */
export type StreamTrouble = "expired" | "unavailable" | "cancelled" | "reset" | "end";

export type StoreTrouble = "fails" | "slow" | "lost" | "corrupt";

export type Action =
  | {
      readonly type: "calls";
      readonly tab: number;
      readonly count: number;
      readonly spreadMs: number;
      readonly deadlineMs: number | undefined;
      readonly cancelAfterMs: number | undefined;
      readonly stream: boolean;
    }
  /** A tab listens to changes, over tokens and faults, until it leaves. */
  | {
      readonly type: "watch";
      readonly tab: number;
      readonly leaveAfterMs: number | undefined;
      readonly leaves: "abort" | "break";
      readonly busyMs: number;
    }
  | { readonly type: "publish"; readonly changes: number }
  /** All streams end now. */
  | { readonly type: "stream-trouble"; readonly trouble: StreamTrouble }
  /** The next streams carry nothing, until faults stop or their token ends them. */
  | { readonly type: "mute"; readonly streams: number }
  | { readonly type: "get-token"; readonly tab: number; readonly scope: string }
  | { readonly type: "token-trouble"; readonly trouble: TokenTrouble; readonly requests: number }
  | { readonly type: "offline"; readonly forMs: number; readonly known: boolean }
  | { readonly type: "api-trouble"; readonly calls: number }
  | { readonly type: "revoke"; readonly person: number }
  | { readonly type: "key-change" }
  /** From now on the API wants a sign-in that is newer than this moment (RFC 9470). */
  | { readonly type: "step-up" }
  | { readonly type: "stall"; readonly tab: number; readonly forMs: number }
  | { readonly type: "freeze"; readonly tab: number; readonly forMs: number }
  | { readonly type: "sleep"; readonly forMs: number }
  | { readonly type: "wake"; readonly tab: number }
  | { readonly type: "close"; readonly tab: number }
  | { readonly type: "reload"; readonly tab: number }
  | { readonly type: "clock-jump"; readonly tab: number | undefined; readonly byMs: number }
  | { readonly type: "sign-out"; readonly tab: number; readonly revokes: boolean }
  | {
      readonly type: "sign-in";
      readonly tab: number;
      readonly person: number;
      /** Another tab signs out while the tokens of this sign-in are being stored. */
      readonly raced: boolean;
      /** This tab's storage fails just then, and for a while. */
      readonly unstored: boolean;
    }
  | {
      readonly type: "store-trouble";
      readonly tab: number | undefined;
      readonly trouble: StoreTrouble;
      readonly forMs: number;
    };

/** The script as lines that a person can follow. */
export function describeScript(script: Script): string {
  const { issuer } = script;
  const head = [
    `seed ${script.seed}, ${script.tabs} tab(s), locks ${script.locks ? "work" : "absent"}`,
    `refresh tokens: rotation ${issuer.rotation}, grace ${issuer.graceMs} ms`,
    `access tokens live ${issuer.lifetimeMs} ms${script.realGrant ? "; through the real grant" : ""}`,
  ];
  const steps = script.steps.map(
    ({ waitMs, action }) => `+${waitMs} ms: ${describeAction(action)}`,
  );
  return [...head, ...steps].map((line) => `  ${line}`).join("\n");
}

/** An action in a line. */
export function describeAction({ type, ...facts }: Action): string {
  const told = Object.entries(facts)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => `${name} ${String(value)}`);
  return [type, ...told].join(", ");
}

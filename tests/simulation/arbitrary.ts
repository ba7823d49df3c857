import fc from "fast-check";
import type {
  Action,
  IssuerPolicy,
  Script,
  Step,
  StoreTrouble,
  StreamTrouble,
  TokenTrouble,
} from "./script.ts";

const tab = fc.nat(7);
const anyTab = fc.option(tab, { nil: undefined, freq: 3 });
const person = fc.constantFrom(0, 0, 0, 1);

const tokenTrouble = fc.constantFrom<TokenTrouble>(
  "lost-request",
  "lost-response",
  "silence",
  "slow",
  "slow",
  "429",
  "503",
  "503-retry-after",
  "504-after-the-fact",
  "garbage",
  "invalid-client",
  "narrow-scope",
);

const calls: fc.Arbitrary<Action> = fc.record({
  type: fc.constant("calls" as const),
  tab,
  count: fc.integer({ min: 1, max: 14 }),
  spreadMs: fc.constantFrom(0, 0, 300, 5_000),
  deadlineMs: fc.constantFrom(undefined, 300, 2_000, 15_000, 40_000),
  cancelAfterMs: fc.constantFrom(undefined, undefined, undefined, 40),
  stream: fc.constantFrom(false, false, false, true),
});

const watch: fc.Arbitrary<Action> = fc.record({
  type: fc.constant("watch" as const),
  tab,
  leaveAfterMs: fc.constantFrom(undefined, undefined, undefined, 0, 40, 2_000, 30_000),
  leaves: fc.constantFrom("abort", "break"),
  busyMs: fc.constantFrom(0, 0, 0, 300),
});

const streams: fc.Arbitrary<Action>[] = [
  watch,
  watch,
  fc.record({ type: fc.constant("publish" as const), changes: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    type: fc.constant("stream-trouble" as const),
    trouble: fc.constantFrom<StreamTrouble>("expired", "unavailable", "cancelled", "reset", "end"),
  }),
  fc.record({ type: fc.constant("mute" as const), streams: fc.integer({ min: 1, max: 4 }) }),
];

const network: fc.Arbitrary<Action>[] = [
  fc.record({
    type: fc.constant("token-trouble" as const),
    trouble: tokenTrouble,
    requests: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({
    type: fc.constant("offline" as const),
    forMs: fc.constantFrom(500, 5_000, 60_000),
    known: fc.boolean(),
  }),
  fc.record({ type: fc.constant("api-trouble" as const), calls: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ type: fc.constant("key-change" as const) }),
  fc.record({ type: fc.constant("step-up" as const) }),
  fc.record({ type: fc.constant("revoke" as const), person }),
];

const life: fc.Arbitrary<Action>[] = [
  fc.record({
    type: fc.constant("stall" as const),
    tab,
    forMs: fc.constantFrom(200, 5_000, 30_000, 90_000),
  }),
  fc.record({
    type: fc.constant("freeze" as const),
    tab,
    forMs: fc.constantFrom(200, 5_000, 90_000),
  }),
  fc.record({
    type: fc.constant("sleep" as const),
    forMs: fc.constantFrom(10_000, 120_000, 3_600_000),
  }),
  fc.record({ type: fc.constant("wake" as const), tab }),
  fc.record({ type: fc.constant("close" as const), tab }),
  fc.record({ type: fc.constant("reload" as const), tab }),
  fc.record({
    type: fc.constant("clock-jump" as const),
    tab: anyTab,
    byMs: fc.constantFrom(-3_600_000, -10_000, 10_000, 3_600_000),
  }),
];

const signIn: fc.Arbitrary<Action> = fc.record({
  type: fc.constant("sign-in" as const),
  tab,
  person,
  raced: fc.constantFrom(false, false, true),
  unstored: fc.constantFrom(false, false, false, false, true),
});

const session: fc.Arbitrary<Action>[] = [
  fc.record({ type: fc.constant("sign-out" as const), tab, revokes: fc.boolean() }),
  signIn,
  signIn,
  fc.record({
    type: fc.constant("store-trouble" as const),
    tab: anyTab,
    trouble: fc.constantFrom<StoreTrouble>("fails", "slow", "lost", "corrupt"),
    forMs: fc.constantFrom(100, 5_000, 60_000),
  }),
  fc.record({
    type: fc.constant("get-token" as const),
    tab,
    scope: fc.constantFrom("users.read", "users.contact"),
  }),
];

const action: fc.Arbitrary<Action> = fc.oneof(
  { arbitrary: calls, weight: 14 },
  { arbitrary: fc.oneof(...streams), weight: 3 },
  { arbitrary: fc.oneof(...network), weight: 4 },
  { arbitrary: fc.oneof(...life), weight: 3 },
  { arbitrary: fc.oneof(...session), weight: 3 },
);

const step: fc.Arbitrary<Step> = fc.record({
  waitMs: fc.constantFrom(0, 1, 5, 30, 150, 1_000, 5_000, 20_000),
  action,
});

const issuer: fc.Arbitrary<IssuerPolicy> = fc.record({
  rotation: fc.constantFrom("each-time", "each-time", "each-time", "none"),
  graceMs: fc.constantFrom(0, 0, 10_000, 60_000),
  lifetimeMs: fc.constantFrom(60_000, 20_000, 300_000),
});

/** Every script that the simulation knows. */
export const scripts: fc.Arbitrary<Script> = fc.record({
  seed: fc.nat(1_000_000),
  tabs: fc.integer({ min: 1, max: 8 }),
  issuer,
  locks: fc.nat(9).map((roll) => roll < 9),
  realGrant: fc.nat(9).map((roll) => roll === 9),
  steps: fc.array(step, { maxLength: 60, size: "max" }),
});

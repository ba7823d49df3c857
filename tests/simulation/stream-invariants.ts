import { Code, ConnectError } from "@connectrpc/connect";
import { AuthError } from "../../src/lib/core/auth-error.ts";
import type { AuthErrorCode } from "../../src/lib/core/auth-error.ts";
import type { Fact } from "./facts.ts";
import type { Watch } from "./world/watch.ts";
import type { World } from "./world/world.ts";

/** One request at a time, and none that goes on behind its stream. */
export function oneAttemptAtATime(fact: Fact): string | undefined {
  if (fact.type !== "stream-opened" && fact.type !== "stream-over") return undefined;
  const { attempts, tab } = fact.watch;
  const running = attempts.filter((attempt) => attempt.running).length;
  if (fact.type === "stream-over" && running > 0)
    return `A stream of tab ${tab.index} left its request open.`;
  return running > 1
    ? `A stream of tab ${tab.index} makes ${running} attempts at once.`
    : undefined;
}

/** A pause before every second attempt that brings nothing; a wake-up may shorten it. */
export function attemptsAreSpaced(fact: Fact): string | undefined {
  if (fact.type !== "stream-opened") return undefined;
  const { attempts, tab } = fact.watch;
  const [before, , last] = attempts.slice(-3);
  if (before === undefined || last === undefined) return undefined;
  const tookMs = last.openedAt - before.openedAt;
  return tookMs < 750 && tab.wokenAt < before.openedAt
    ? `A stream of tab ${tab.index} made three attempts within ${tookMs} ms.`
    : undefined;
}

/** Every change once, in order, without a gap, whatever broke in between; and none for who has left. */
export function everyChangeOnceInOrder(fact: Fact): string | undefined {
  if (fact.type !== "stream-element") return undefined;
  const { watch, version } = fact;
  const { left, plan, seen, tab } = watch;
  if (left && plan.leaves === "abort")
    return `A stream of tab ${tab.index} went on after its caller had left.`;
  return version === undefined || version === seen + 1
    ? undefined
    : `A stream of tab ${tab.index} brought change ${version} behind ${seen}.`;
}

/** It ends with the session of whoever began it, also while it waits, and at once when its caller leaves. */
export function endsWithItsSession(fact: Fact): string | undefined {
  if (fact.type !== "stream-lives" && fact.type !== "stream-element") return undefined;
  const { watch } = fact;
  const { owner, tab, left, plan } = watch;
  const { state, subject } = tab.coordinator.getSnapshot();
  if (fact.type === "stream-lives" && left && plan.leaves === "abort") {
    return `A stream of tab ${tab.index} lives on although its caller has left.`;
  }
  if (state === "signed-out") return `A stream of tab ${tab.index} outlived the sign-out.`;
  return owner !== undefined && subject !== undefined && subject !== owner
    ? `A stream of ${owner} lives on in tab ${tab.index}, though ${subject} is signed in.`
    : undefined;
}

/** Only a caller, a person or a misconfiguration ends a stream; nothing that passes does. */
export function endsForAReason(fact: Fact): string | undefined {
  if (fact.type !== "stream-over") return undefined;
  const { left, plan, error, tab } = fact.watch;
  if (left && (plan.leaves === "abort" || error === undefined)) {
    return error === undefined ? undefined : `A stream that was left threw ${describe(error)}.`;
  }
  if (error === undefined) return `A stream of tab ${tab.index} came to an end by itself.`;
  return isReason(fact.watch)
    ? undefined
    : `A stream of tab ${tab.index} gave up: ${describe(error)}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : typeof error;
}

const persons: ReadonlySet<AuthErrorCode | undefined> = new Set<AuthErrorCode>([
  "signed-out",
  "step-up-required",
  "sign-in-failed",
  "scope-missing",
]);

function isReason({ error, tab }: Watch): boolean {
  if (!(error instanceof ConnectError)) return false;
  const code = AuthError.find(error)?.code;
  if (code === "interaction-required") {
    // A sign-in here may end in the very step in which the look for one elsewhere does.
    const signsIn = tab.signInsUnderWay > 0 || tab.signedInAt === tab.time();
    const before = signsIn ? tab.snapshot.state : undefined;
    return [before, tab.coordinator.getSnapshot().state].includes(code);
  }
  // The client is wrong for the issuer; a token that is refused is another matter.
  if (code === "misconfigured") return error.code === Code.FailedPrecondition;
  return persons.has(code);
}

/** When all faults have stopped, every stream that lives has what it missed. */
export function streamsComeBackAfterFaults(fact: Fact, world: World): string | undefined {
  if (fact.type !== "stream-after-faults") return undefined;
  const { seen, tab } = fact.watch;
  return seen === world.feed.version
    ? undefined
    : `A stream of tab ${tab.index} is still at change ${seen} of ${world.feed.version}.`;
}

import { Code, ConnectError } from "@connectrpc/connect";
import { AuthError } from "../../src/lib/core/auth-error.ts";
import type { Fact } from "./facts.ts";
import type { Call } from "./world/call.ts";
import type { World } from "./world/world.ts";

/** One retry, and never with the token that was just refused. */
export function noSecondRetry(fact: Fact): string | undefined {
  if (fact.type !== "call-sent") return undefined;
  const { sent } = fact.call;
  if (sent.length > 2) return `A call was sent ${sent.length} times.`;
  return sent.length === 2 && sent[0] === sent[1] ? "A refused token was sent again." : undefined;
}

/**
 * Only a new sign-in answers the wish for one, and not a renewal of the old one. (A storage
 * that was emptied may put a tab back into that.)
 */
export function noRepeatWithoutTheSignIn(fact: Fact, world: World): string | undefined {
  if (fact.type !== "call-sent" || world.store.emptied) return undefined;
  const [first, second] = fact.call.sent;
  return fact.call.challenged && first?.family === second?.family
    ? `A call was repeated with session ${first?.family.id}, though the API wants a newer sign-in.`
    : undefined;
}

/** The deadline ends the call at once, whatever it waits for. */
export function overAtItsDeadline(fact: Fact): string | undefined {
  return fact.type === "deadline-passed" && !fact.call.settled
    ? "A call went on after its deadline."
    : undefined;
}

/** A call whose tab has a token that can be sent does not wait for another one. */
export function noCallWaitsBesideAToken(fact: Fact, world: World): string | undefined {
  if (fact.type !== "deadline-passed" || fact.call.sent.length > 0) return undefined;
  const { tab } = fact.call;
  const { state, expiresAt = 0 } = tab.coordinator.getSnapshot();
  // On a clock that went back a token looks younger than it is, and does not count.
  const usable = state === "signed-in" && expiresAt > tab.now() && world.clockJumpedAt < 0;
  return usable ? `A call of tab ${tab.index} waited beside a valid token.` : undefined;
}

/** Whatever happens to it. */
export function everyCallComesToItsEnd(fact: Fact): string | undefined {
  return fact.type === "call-left-over" ? "A call never came to its end." : undefined;
}

/** A caller that leaves, or whose time is over, takes nobody along. */
export function leavesAloneOnlyItself(fact: Fact, world: World): string | undefined {
  if (fact.type !== "call-settled" || fact.call.succeeded) return undefined;
  const { call } = fact;
  const { code } = ConnectError.from(call.error);
  if (code === Code.Canceled && !call.cancelled) return "A call was cancelled by somebody else.";
  // On a page that was frozen the clock may tell before the timer does.
  const leftMs = call.startedAt + (call.plan.deadlineMs ?? Infinity) - call.tab.now();
  const early = leftMs > 0 && !call.timedOut && world.clockJumpedAt < 0;
  return code === Code.DeadlineExceeded && early
    ? "A call failed by a deadline that was not its own."
    : undefined;
}

/** Always a ConnectError, with a code that says what to do. */
export function failsInTheCallersWords(fact: Fact): string | undefined {
  if (fact.type !== "call-settled" || fact.call.succeeded) return undefined;
  const { error } = fact.call;
  if (!(error instanceof ConnectError)) return `A call failed with ${String(error)}.`;
  if (error.code === Code.Unauthenticated && AuthError.find(error) === undefined) {
    return `A call was refused, and nobody says why: ${error.rawMessage}`;
  }
  return understood.has(error.code)
    ? undefined
    : `A call failed with ${Code[error.code]}: ${error.rawMessage}`;
}

const understood: ReadonlySet<Code> = new Set([
  Code.Unauthenticated,
  Code.Unavailable,
  Code.PermissionDenied,
  Code.FailedPrecondition,
  Code.Canceled,
  Code.DeadlineExceeded,
]);

/** When all faults have stopped, every new call succeeds, unless only a person can help. */
export function callsSucceedAfterFaults(fact: Fact, world: World): string | undefined {
  if (fact.type !== "call-after-faults") return undefined;
  const { call, freshSession } = fact;
  if (call.succeeded || (!freshSession && isExcused(call, world))) return undefined;
  // Tabs without locks may use up the refresh token of any session.
  if (!world.script.locks && call.stateAtEnd === "interaction-required") return undefined;
  return `A call of tab ${call.tab.index} failed after all faults had stopped: ${String(call.error)}`;
}

// Whether the state itself is rightful is judged where it changes.
function isExcused(call: Call, world: World): boolean {
  if (call.stateAtEnd === "interaction-required") return true;
  // After a change of keys the one retry may be spent on another tab's token of before.
  const { sent } = call;
  if (sent.length === 2 && sent.every(({ key }) => key !== world.issuer.key)) return true;
  const code = AuthError.find(call.error)?.code;
  // A session that lived in the memory of one tab may reach the others only now, and a
  // page that was frozen hears only now that another person has signed in.
  const { subject } = call.tab.snapshot;
  const ended = call.stateAtEnd === "signed-out" || world.store.emptied || subject !== call.subject;
  return code === "scope-missing" || (code === "signed-out" && ended);
}

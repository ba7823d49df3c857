import { Code, ConnectError } from "@connectrpc/connect";
import { AuthError } from "../../src/lib/core/auth-error.ts";
import type { Fact } from "./facts.ts";
import type { Call } from "./world/call.ts";
import { secretMark } from "./world/issuer.ts";
import type { Tab } from "./world/tab.ts";
import type { World } from "./world/world.ts";

/** Says what is wrong with a fact, or nothing. */
type Invariant = (fact: Fact, world: World) => string | undefined;

/**
 * What must hold at every step of every run, whatever goes wrong. The first six
 * groups are the product's promise, word by word; each is one function.
 */
export const invariants = {
  atMostOneRefreshInFlight,
  reuseOnlyWithAnExcuse,
  oneSessionHasOneRefreshToken,
  noSessionReturns,
  noTokenAfterSignOut,
  nothingArrivesAfterSignOut,
  neverAnotherPersonsToken,
  noExpiredToken,
  noSecondRetry,
  overAtItsDeadline,
  everyCallComesToItsEnd,
  leavesAloneOnlyItself,
  failsInTheCallersWords,
  nobodyIsSignedOutByAccident,
  aReloadKeepsTheSession,
  refreshesOnlyWhenNeeded,
  callsSucceedAfterFaults,
  noSecretIsTold,
} satisfies Record<string, Invariant>;

/** The first invariant that a fact breaks. */
export function findViolation(fact: Fact, world: World): string | undefined {
  for (const name in invariants) {
    const wrong = invariants[name as keyof typeof invariants](fact, world);
    if (wrong !== undefined) return `${name}: ${wrong}`;
  }
  return undefined;
}

/** At most one refresh in flight per session while locks work and no holder has stalled past the bound. */
function atMostOneRefreshInFlight(fact: Fact, world: World): string | undefined {
  if (fact.type !== "token-asked" || fact.inFlight <= 1) return undefined;
  if (!world.script.locks || world.lock.excused > 0) return undefined;
  return `${fact.inFlight} refreshes of one session are in flight.`;
}

/**
 * Reuse detection is tripped only where an answer was lost, locks are absent, or
 * a holder stalled. A store that failed is an answer lost on its way to the disk.
 */
function reuseOnlyWithAnExcuse(fact: Fact, world: World): string | undefined {
  if (fact.type !== "reuse-detected" || fact.family.answerLost) return undefined;
  // A sign-out gives up the refresh that runs, and with it its answer.
  if (world.wasSignedOut(fact.family.id)) return undefined;
  if (!world.script.locks || world.lock.everExcused || world.store.troubled) return undefined;
  return `The issuer saw a used refresh token of session ${fact.family.id} again.`;
}

/** What a renewal writes belongs to the session it was made for; else that one's token is lost. */
function oneSessionHasOneRefreshToken(fact: Fact): string | undefined {
  if (fact.type !== "record-written" || fact.before === undefined) return undefined;
  const { session, before } = fact;
  return session.family === before
    ? undefined
    : `The record of session ${before.id} was given a token of ${session.family?.id}.`;
}

/** A renewal undoes neither a sign-out nor a newer sign-in. */
function noSessionReturns(fact: Fact, world: World): string | undefined {
  return fact.type === "session-returned" && !world.store.troubled
    ? `Session ${fact.family.id} was stored again, after its end.`
    : undefined;
}

/**
 * After a sign-out no token of that session leaves the acting tab, nor any
 * other once it has heard of it, nor one that opens later; neither to the API
 * nor to the issuer. A tab that missed all of it may put the session back into a
 * storage that was emptied.
 */
function noTokenAfterSignOut(fact: Fact, world: World): string | undefined {
  const isOver = ({ ended, bygone }: Tab, family: number) =>
    ended.has(family) || (bygone.has(family) && !world.store.troubled);
  if (fact.type === "call-sent") {
    const { token, call } = fact;
    if (!isOver(call.tab, token.family.id)) return undefined;
    return `Tab ${call.tab.index} sent a token of session ${token.family.id}, signed out before.`;
  }
  if (fact.type !== "token-asked" || fact.family === undefined) return undefined;
  return isOver(fact.tab, fact.family.id)
    ? `Tab ${fact.tab.index} refreshed session ${fact.family.id}, signed out before.`
    : undefined;
}

/**
 * A sign-out aborts the calls and streams that are in flight in its tab, unless
 * the same person has signed in again meanwhile. (A storage that was emptied may
 * put a tab back into an older session, and its calls with it.)
 */
function nothingArrivesAfterSignOut(fact: Fact, world: World): string | undefined {
  if (fact.type !== "call-settled" || !fact.call.succeeded) return undefined;
  const { sent, tab } = fact.call;
  const family = sent.at(-1)?.family.id;
  const signedInAgain = tab.families.some((id) => id > (family ?? id) && !tab.ended.has(id));
  if (signedInAgain || world.store.troubled) return undefined;
  return family !== undefined && tab.ended.has(family)
    ? `Tab ${tab.index} got an answer for session ${family}, signed out before.`
    : undefined;
}

/** A call goes out for the person who was signed in when it began, or not at all. */
function neverAnotherPersonsToken(fact: Fact): string | undefined {
  if (fact.type !== "call-sent") return undefined;
  const { subject, sent } = fact.call;
  const owner = subject ?? sent[0]?.family.subject;
  return fact.token.family.subject === owner
    ? undefined
    : `A call of ${owner} carried a token of ${fact.token.family.subject}.`;
}

/** No token past its expiry by the tab's own clock is sent. */
function noExpiredToken(fact: Fact): string | undefined {
  if (fact.type !== "call-sent") return undefined;
  const lateMs = fact.call.tab.now() - fact.token.clientExpiresAt;
  return lateMs < 0 ? undefined : `A token was sent ${lateMs} ms after its expiry.`;
}

/** One retry, and never with the token that was just refused. */
function noSecondRetry(fact: Fact): string | undefined {
  if (fact.type !== "call-sent") return undefined;
  const { sent } = fact.call;
  if (sent.length > 2) return `A call was sent ${sent.length} times.`;
  return sent.length === 2 && sent[0] === sent[1] ? "A refused token was sent again." : undefined;
}

/** The deadline ends the call at once, whatever it waits for. */
function overAtItsDeadline(fact: Fact): string | undefined {
  return fact.type === "deadline-passed" && !fact.call.settled
    ? "A call went on after its deadline."
    : undefined;
}

function everyCallComesToItsEnd(fact: Fact): string | undefined {
  return fact.type === "call-left-over" ? "A call never came to its end." : undefined;
}

/** A caller that leaves, or whose time is over, takes nobody along. */
function leavesAloneOnlyItself(fact: Fact, world: World): string | undefined {
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
function failsInTheCallersWords(fact: Fact): string | undefined {
  if (fact.type !== "call-settled" || fact.call.succeeded) return undefined;
  const { error } = fact.call;
  if (!(error instanceof ConnectError)) return `A call failed with ${String(error)}.`;
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

/** Nobody is signed out without an error of class one; signed out means that somebody did it. */
function nobodyIsSignedOutByAccident(fact: Fact, world: World): string | undefined {
  if (fact.type !== "state-changed") return undefined;
  const { tab, before, after } = fact;
  if (before.state === "loading" || before.state === after.state) return undefined;
  const { families } = tab;
  // A store that was emptied forgets which session took the place of which.
  const signedOut = world.store.troubled
    ? world.wasAnySignedOut()
    : families.some((family) => world.wasSignedOut(family));
  if (after.state === "signed-out" && !signedOut) {
    return `Tab ${tab.index} went from ${before.state} to signed-out, but nobody signed out.`;
  }
  const refused = families.some((family) => world.issuer.family(family)?.refused === true);
  return after.state === "interaction-required" && !refused
    ? `Tab ${tab.index} asks for a person, but the issuer refused nothing.`
    : undefined;
}

/** A tab that opens finds the session that is in the store. */
function aReloadKeepsTheSession(fact: Fact, world: World): string | undefined {
  if (fact.type !== "state-changed" || fact.before.state !== "loading") return undefined;
  const { tab, after } = fact;
  const { session, changedAt, troubled } = world.store;
  if (after.state !== "signed-out" || session === undefined || troubled) return undefined;
  return changedAt < tab.openedAt && !tab.signedOutHere
    ? `Tab ${tab.index} opened signed out beside a stored session.`
    : undefined;
}

const slackMs = 1_000;

/**
 * A refresh happens when the token is missing, expiring, expired or refused, and
 * not again for a reason that the stored token has outdated.
 */
function refreshesOnlyWhenNeeded(fact: Fact, world: World): string | undefined {
  if (fact.type !== "token-asked" || !fact.byDefault) return undefined;
  const { lock, store, script, issuer } = world;
  if (!script.locks || lock.everExcused || store.troubled || store.slowed) return undefined;
  // A clock that was set makes good tokens look old, and tabs judge differently.
  if (world.clockJumpedAt >= 0) return undefined;
  const { session, changedAt } = store;
  const { tab } = fact;
  const inStep = changedAt < tab.lastReadAt;
  if (session?.token === undefined || session.family !== fact.family || !inStep) return undefined;
  const marginMs = Math.min(60_000, issuer.lifetimeMs * 0.2) * 1.25;
  const { token, obtainedAt } = session;
  const now = tab.now();
  const fresh = now >= obtainedAt && now < token.clientExpiresAt - marginMs - slackMs;
  return fresh && !token.refused
    ? `Tab ${tab.index} refreshed a token with ${token.clientExpiresAt - now} ms to live.`
    : undefined;
}

/** When all faults have stopped, every new call succeeds, unless only a person can help. */
function callsSucceedAfterFaults(fact: Fact, world: World): string | undefined {
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
  const ended =
    call.stateAtEnd === "signed-out" || world.store.troubled || subject !== call.subject;
  return code === "scope-missing" || (code === "signed-out" && ended);
}

/** No token in any event, error or message. */
function noSecretIsTold(fact: Fact): string | undefined {
  if (fact.type === "told" && fact.text.includes(secretMark)) return `A token in a ${fact.where}.`;
  if (fact.type !== "call-settled" || fact.call.error === undefined) return undefined;
  let reason: unknown = fact.call.error;
  for (let depth = 0; depth < 5 && reason instanceof Error; depth++) {
    const details = AuthError.find(reason)?.details;
    if (`${reason.message} ${JSON.stringify(details)}`.includes(secretMark)) {
      return "A token in an error.";
    }
    reason = reason.cause;
  }
  return undefined;
}

import { AuthError } from "../../src/lib/core/auth-error.ts";
import {
  callsSucceedAfterFaults,
  everyCallComesToItsEnd,
  failsInTheCallersWords,
  leavesAloneOnlyItself,
  noCallWaitsBesideAToken,
  noRepeatWithoutTheSignIn,
  noSecondRetry,
  overAtItsDeadline,
} from "./call-invariants.ts";
import type { Fact } from "./facts.ts";
import {
  attemptsAreSpaced,
  endsForAReason,
  endsWithItsSession,
  everyChangeOnceInOrder,
  oneAttemptAtATime,
  streamsComeBackAfterFaults,
} from "./stream-invariants.ts";
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
  theNewestSignInWins,
  revokesNobodysNewSession,
  noTokenAfterSignOut,
  nothingArrivesAfterSignOut,
  neverAnotherPersonsToken,
  noExpiredToken,
  noSecondRetry,
  noRepeatWithoutTheSignIn,
  overAtItsDeadline,
  noCallWaitsBesideAToken,
  everyCallComesToItsEnd,
  leavesAloneOnlyItself,
  failsInTheCallersWords,
  nobodyIsSignedOutByAccident,
  aReloadKeepsTheSession,
  refreshesOnlyWhenNeeded,
  callsSucceedAfterFaults,
  oneAttemptAtATime,
  attemptsAreSpaced,
  everyChangeOnceInOrder,
  endsWithItsSession,
  endsForAReason,
  streamsComeBackAfterFaults,
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
 * a holder stalled. A storage that failed has lost an answer too.
 */
function reuseOnlyWithAnExcuse(fact: Fact, world: World): string | undefined {
  if (fact.type !== "reuse-detected" || fact.family.answerLost) return undefined;
  // A sign-out gives up the refresh that runs, and with it its answer.
  if (world.succession.wasSignedOut(fact.family.id)) return undefined;
  if (!world.script.locks || world.lock.everExcused) return undefined;
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
  return fact.type === "session-returned" && !world.store.emptied
    ? `Session ${fact.family.id} was stored again, after its end.`
    : undefined;
}

/**
 * A tab never goes back to an older sign-in, also when the newer one could not be stored. Only
 * clocks say which is older, and a storage that was emptied takes what comes first.
 */
function theNewestSignInWins(fact: Fact, world: World): string | undefined {
  if (fact.type !== "call-sent") return undefined;
  const { newestUsed, index } = fact.call.tab;
  const { id, signedInAt, establishedAt = Infinity } = fact.token.family;
  if (newestUsed?.establishedAt === undefined || world.succession.wasSignedOut(newestUsed.id)) {
    return undefined;
  }
  if (world.store.emptied || world.clockJumpedAt >= 0) return undefined;
  // After an outage the one that was made last wins, however long a slow storage or a tab
  // took to keep it. Else, of two that are finished in the same moment, the one stored last.
  if (world.store.failed && signedInAt >= newestUsed.signedInAt) return undefined;
  return establishedAt + 5_000 < newestUsed.establishedAt
    ? `Tab ${index} went back from session ${newestUsed.id} to session ${id}.`
    : undefined;
}

/** Many issuers revoke all that a person has: so never of the person who has just signed in. */
function revokesNobodysNewSession(fact: Fact): string | undefined {
  if (fact.type !== "session-replaced") return undefined;
  const { tab, family } = fact;
  return tab.coordinator.getSnapshot().subject === family.subject
    ? `Tab ${tab.index} revoked a session of ${family.subject}, who is signed in.`
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
    ended.has(family) || (bygone.has(family) && !world.store.emptied);
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
  // The sign-in that began first need not be the one that ended first.
  const since = tab.families.lastIndexOf(family ?? -1);
  const signedInAgain = tab.families.some(
    (id, at) => (id > (family ?? id) || at > since) && !tab.ended.has(id),
  );
  if (signedInAgain || world.store.emptied) return undefined;
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

/** Nobody is signed out without an error of class one; signed out means that somebody did it. */
function nobodyIsSignedOutByAccident(fact: Fact, world: World): string | undefined {
  if (fact.type !== "state-changed") return undefined;
  const { tab, before, after } = fact;
  if (before.state === "loading" || before.state === after.state) return undefined;
  const { families } = tab;
  // A store that was emptied forgets which session took the place of which.
  const signedOut = world.store.emptied
    ? world.succession.wasAnySignedOut()
    : families.some((family) => world.succession.wasSignedOut(family));
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
  const { session, changedAt } = world.store;
  if (after.state !== "signed-out" || session === undefined) return undefined;
  if (world.store.failsIn(tab)) return undefined;
  // A sign-out that could not be stored yet was announced.
  if (session.family !== undefined && tab.ended.has(session.family.id)) return undefined;
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
  if (!script.locks || lock.everExcused || store.emptied || store.slowed) return undefined;
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

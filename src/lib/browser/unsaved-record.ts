import type { StoredRecord } from "../core/ports.ts";
import { parseRecord } from "../core/session-record.ts";
import type { SessionRecord } from "../core/session-record.ts";

/** What happened in this tab while the storage did not work. */
export interface Outage {
  /** The revision that was last seen in the storage. */
  readonly since: string | undefined;
  /** Somebody has signed in meanwhile: no storage has ever held this session. */
  readonly signedIn: boolean;
  /** The stored sessions that ended meanwhile: signed out of, or replaced by a sign-in. */
  readonly over: readonly string[];
  /** So did every session from before this time, because nobody knew which one there was. */
  readonly overBefore: number;
}

const calm: Omit<Outage, "since"> = { signedIn: false, over: [], overBefore: -Infinity };

/** The outage after one more step in it, from `before` to `next` at the time `now`. */
export function goOn(
  outage: Outage | undefined,
  before: StoredRecord | undefined,
  next: StoredRecord,
  now: number,
): Outage {
  const { since, signedIn, over, overBefore } = outage ?? { ...calm, since: before?.revision };
  const left = sessionOf(before)?.session;
  const stays = left === sessionOf(next)?.session;
  return {
    since,
    signedIn: stays ? signedIn : next.value !== undefined,
    over: stays || signedIn || left === undefined ? over : [...over, left],
    overBefore: left === undefined && next.value === undefined ? now : overBefore,
  };
}

/**
 * Whether what this tab holds takes the place of what the storage holds now. Of
 * two sessions the newer sign-in wins; a session that ended here stays so; and what
 * this build cannot read is left alone.
 */
export function prevails(outage: Outage, own: StoredRecord, found: StoredRecord): boolean {
  if (outage.since === found.revision) return true;
  // Whoever signed out there did not mean a session that was never stored.
  if (found.value === undefined) return outage.signedIn;
  const theirs = sessionOf(found);
  if (theirs === undefined) return false;
  const { session, signedInAt = 0 } = theirs;
  if (outage.over.includes(session) || signedInAt <= outage.overBefore) return true;
  return outage.signedIn && (sessionOf(own)?.signedInAt ?? 0) > signedInAt;
}

function sessionOf(record: StoredRecord | undefined): SessionRecord | undefined {
  return record?.value === undefined ? undefined : parseRecord(record.value);
}

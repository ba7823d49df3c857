import type { SessionGeneration } from "./session-generation.ts";
import type { SessionRecord } from "./session-record.ts";
import type { SessionSnapshot, SessionState } from "./session.ts";
import { defaultKey } from "./token-key.ts";

/** What the session looks like from outside. */
export function describeSession(
  state: SessionState,
  record: SessionRecord | undefined,
  generation: SessionGeneration,
): SessionSnapshot {
  const token = generation.cache.get(defaultKey)?.token;
  const { flight, failure } = generation.keeper.slots.get(defaultKey) ?? {};
  const retrying = flight === undefined && failure !== undefined && state === "signed-in";
  return {
    state,
    subject: record?.subject,
    displayName: record?.displayName,
    scopes: token?.scopes ?? [],
    expiresAt: token?.expiresAt,
    refresh: flight !== undefined ? "running" : retrying ? "retrying" : "idle",
    nextAttemptAt: retrying ? failure.nextAttemptAt : undefined,
  };
}

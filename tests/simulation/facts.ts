import type { SessionSnapshot } from "../../src/lib/core/session.ts";
import type { Attempting, Call } from "./world/call.ts";
import type { Family, IssuedToken } from "./world/issuer.ts";
import type { StoredSession } from "./world/shared-store.ts";
import type { Tab } from "./world/tab.ts";
import type { Watch } from "./world/watch.ts";

/** Something that the invariants judge, at the moment at which it happens. */
export type Fact =
  /** An attempt of a call leaves the tab with a token. */
  | { readonly type: "call-sent"; readonly call: Attempting; readonly token: IssuedToken }
  | { readonly type: "call-settled"; readonly call: Call }
  /** The call's deadline passed, and everything that follows from it was run. */
  | { readonly type: "deadline-passed"; readonly call: Call }
  /** The run is over, and this call was still not. */
  | { readonly type: "call-left-over"; readonly call: Call }
  /** Another attempt of a stream begins. */
  | { readonly type: "stream-opened"; readonly watch: Watch }
  | {
      readonly type: "stream-element";
      readonly watch: Watch;
      readonly version: number | undefined;
    }
  | { readonly type: "stream-over"; readonly watch: Watch }
  /** It goes on after something that may have ended it. */
  | { readonly type: "stream-lives"; readonly watch: Watch }
  /** All faults have stopped long ago. */
  | { readonly type: "stream-after-faults"; readonly watch: Watch }
  /** A token request leaves the tab; `inFlight` counts it. */
  | {
      readonly type: "token-asked";
      readonly tab: Tab;
      readonly family: Family | undefined;
      readonly byDefault: boolean;
      readonly inFlight: number;
    }
  | { readonly type: "reuse-detected"; readonly family: Family }
  /** A tab writes a record. */
  | {
      readonly type: "record-written";
      readonly session: StoredSession;
      readonly before: Family | undefined;
    }
  /** A session is stored again, after it was removed or another took its place. */
  | { readonly type: "session-returned"; readonly family: Family }
  /** A sign-in revokes the refresh token of the session whose place it took. */
  | { readonly type: "session-replaced"; readonly tab: Tab; readonly family: Family }
  | {
      readonly type: "state-changed";
      readonly tab: Tab;
      readonly before: SessionSnapshot;
      readonly after: SessionSnapshot;
    }
  /** The product has told somebody something. */
  | { readonly type: "told"; readonly where: string; readonly text: string }
  /** All faults have stopped long ago; `required` calls have no excuse left. */
  | { readonly type: "call-after-faults"; readonly call: Call; readonly freshSession: boolean };

/** A fact in a line, to follow a run. */
export function describeFact(fact: Fact): string {
  switch (fact.type) {
    case "call-sent":
      return `tab ${fact.call.tab.index}: call sent with ${fact.token.value}`;
    case "call-settled": {
      const { tab, succeeded, error } = fact.call;
      return `tab ${tab.index}: call ${succeeded ? "succeeded" : `failed, ${String(error)}`}`;
    }
    case "stream-over":
      return `tab ${fact.watch.tab.index}: stream over, ${String(fact.watch.error)}`;
    case "stream-element":
      return `tab ${fact.watch.tab.index}: stream brings ${fact.version ?? "nothing new"}`;
    case "stream-opened":
    case "stream-lives":
    case "stream-after-faults":
      return `tab ${fact.watch.tab.index}: ${fact.type}, behind ${fact.watch.seen}`;
    case "token-asked":
      return `tab ${fact.tab.index}: refresh of session ${fact.family?.id}, ${fact.inFlight} in flight`;
    case "reuse-detected":
      return `issuer: reuse in session ${fact.family.id}`;
    case "session-replaced":
      return `tab ${fact.tab.index}: revokes session ${fact.family.id}`;
    case "session-returned":
      return `store: session ${fact.family.id} is back`;
    case "record-written":
      return `store: ${fact.session.name} gets ${fact.session.refreshToken}, ${fact.session.token?.value}`;
    case "state-changed": {
      const { tab, before, after } = fact;
      const states = `${before.state} ${before.refresh} to ${after.state} ${after.refresh}`;
      return `tab ${tab.index}: ${states}, ${after.subject ?? "nobody"}`;
    }
    case "told":
      return `${fact.where}: ${fact.text}`;
    case "deadline-passed":
    case "call-left-over":
    case "call-after-faults":
      return `tab ${fact.call.tab.index}: ${fact.type}`;
  }
}

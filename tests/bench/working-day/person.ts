import type { ClientTab } from "./client.ts";

/** Somebody who signs in again when nothing else helps. */
export interface Person {
  /** A call in a tab has ended. */
  saw(tab: ClientTab, holder: string, avoidableFailure: boolean): void;
  /** How often the person had to sign in again. */
  readonly signIns: number;
}

const patienceMs = 30_000;
const settlingMs = 5_000;

/** A person who watches errors for 30 s in a tab before signing in there. */
export function createPerson(): Person {
  const failingSince = new Map<ClientTab, number>();
  const busyUntil = new Map<string, number>();
  const person = {
    signIns: 0,
    saw(tab: ClientTab, holder: string, avoidableFailure: boolean) {
      if (!avoidableFailure) return void failingSince.delete(tab);
      const since = failingSince.get(tab) ?? Date.now();
      failingSince.set(tab, since);
      // A sign-in in another tab of the same session may be about to help.
      const busy = (busyUntil.get(holder) ?? 0) > Date.now();
      if (busy || Date.now() - since < patienceMs) return;
      person.signIns += 1;
      failingSince.delete(tab);
      busyUntil.set(holder, Date.now() + settlingMs);
      // A sign-in that fails is begun again, after more errors.
      tab.signIn().catch(() => undefined);
    },
  };
  return person;
}

import type { AuthError } from "../../../src/lib/core/auth-error.ts";
import type { SignInOptions } from "../../../src/lib/core/session.ts";
import { app } from "./browser-tab.ts";
import type { FakeBrowser, FakeTab } from "./browser-tab.ts";

/** Where sign-ins begin, unless a test says otherwise. */
export const start = `${app}/lookup/users?q=ada#row-2`;

/** A tab that has left for the issuer, and the address it left for. */
export async function depart(
  browser: FakeBrowser,
  options: SignInOptions = {},
): Promise<{ readonly tab: FakeTab; readonly departure: URL }> {
  const tab = browser.openTab(start);
  await tab.session.ready();
  await tab.session.signIn(options);
  return { tab, departure: tab.page.lastDeparture() };
}

/** The same tab, come back to `answer`. */
export async function comeBack(
  browser: FakeBrowser,
  tab: FakeTab,
  answer: string,
): Promise<FakeTab> {
  tab.session.close();
  const back = browser.openTab(answer, {}, tab.page);
  await back.session.ready();
  return back;
}

/** Why the sign-in of this tab failed. */
export function failure(tab: FakeTab): AuthError {
  const outcome = tab.session.signInOutcome();
  if (outcome.type !== "failed") throw new Error(`The sign-in did not fail: ${outcome.type}`);
  return outcome.error;
}

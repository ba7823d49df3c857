import { AuthError } from "../../../src/lib/core/auth-error.ts";
import type { Tab } from "./tab.ts";
import type { World } from "./world.ts";

/** Signs in again, once for all calls of the tab: the person does, does not, or is another one. */
export function stepUp(world: World, tab: Tab): Promise<void> {
  tab.steppingUp ??= signInAgain(world, tab).finally(() => (tab.steppingUp = undefined));
  return tab.steppingUp;
}

async function signInAgain(world: World, tab: Tab): Promise<void> {
  const { subject = "alice" } = tab.coordinator.getSnapshot();
  const fate = world.dice.next();
  if (fate < 0.2) throw new AuthError("sign-in-failed", "Cancelled.");
  const established = await world.signIn(tab, fate < 0.3 ? "bob" : subject);
  if (!established) throw new AuthError("sign-in-failed", "Signed out meanwhile.");
}

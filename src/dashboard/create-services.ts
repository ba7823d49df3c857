import type { AppProps } from "./app-props.ts";
import { createCommandRegistry } from "./features/commands/command-registry.ts";
import { createSignOut } from "./features/session/sign-out.ts";
import { createPreferenceStore } from "./lib/preferences.ts";
import { createRecents } from "./lib/recents.ts";
import { createTimeFormat } from "./lib/time-format.ts";
import { words } from "./messages/messages.ts";
import { createSessionLog } from "./rpc/session-log.ts";
import { createStreamSlots, createWebSlotLock } from "./rpc/stream-slots.ts";
import type { Services } from "./services.ts";

/** Makes what the components share out of what the app was given. */
export function createServices(props: AppProps): Services {
  const { session, config, calls, storage } = props;
  const recents = createRecents(storage, () => session.getSnapshot().subject);
  const preferences = createPreferenceStore(storage);
  // Fires for what other tabs write.
  window.addEventListener("storage", () => {
    recents.reload();
    preferences.reload();
  });
  return {
    session,
    signOut: createSignOut(session),
    config,
    calls,
    events: createSessionLog(session),
    recents,
    preferences,
    slots: createStreamSlots({
      lock: createWebSlotLock(navigator.locks),
      name: `user-lookup:stream:${new URL(config.apiBaseUrl).origin}`,
    }),
    commands: createCommandRegistry(),
    time: createTimeFormat(regionOf(words().language)),
  };
}

/** The person's own form of the page's language: dates differ between en-GB and en-US. */
function regionOf(language: string): string {
  return navigator.languages.find((own) => own.split("-")[0] === language) ?? language;
}

import { createContext, useContext, useSyncExternalStore } from "react";
import type { Session } from "../lib/core/index.ts";
import type { SiteConfig } from "../site/index.ts";
import type { CommandRegistry } from "./features/commands/command-registry.ts";
import type { PreferenceStore } from "./lib/preferences.ts";
import type { Recents } from "./lib/recents.ts";
import type { SignOut } from "./features/session/sign-out.ts";
import type { TimeFormat } from "./lib/time-format.ts";
import type { CallLog } from "./rpc/call-log.ts";
import type { SessionLog } from "./rpc/session-log.ts";
import type { StreamSlots } from "./rpc/stream-slots.ts";

/** What the page works with; made once, before the first render. */
export interface Services {
  readonly session: Session;
  readonly signOut: SignOut;
  readonly config: SiteConfig;
  readonly calls: CallLog;
  readonly events: SessionLog;
  readonly recents: Recents;
  readonly preferences: PreferenceStore;
  readonly slots: StreamSlots;
  readonly time: TimeFormat;
  readonly commands: CommandRegistry;
}

/** Brings the services to the components. */
export const ServicesContext = createContext<Services | undefined>(undefined);

/** The services of the page. Throws outside of the app. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error("useServices needs the app around it.");
  return services;
}

/** What a small store holds now; renders again when it changes. */
export function useStore<T>(
  store: { subscribe(listener: () => void): () => void },
  get: () => T,
): T {
  return useSyncExternalStore(store.subscribe, get);
}

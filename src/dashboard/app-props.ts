import type { Transport } from "@connectrpc/connect";
import type { Session } from "../lib/core/index.ts";
import type { SiteConfig } from "../site/index.ts";
import type { KeyValueStorage } from "./lib/preferences.ts";
import type { CallLog } from "./rpc/call-log.ts";

/** What the dashboard gets from outside. */
export interface AppProps {
  readonly session: Session;
  readonly transport: Transport;
  readonly config: SiteConfig;
  /** The log that the interceptors of `transport` write. */
  readonly calls: CallLog;
  /** Where the browser remembers preferences; undefined when it does not. */
  readonly storage: KeyValueStorage | undefined;
  /** Why the sign-in that this page was opened for failed, in words for people. */
  readonly signInProblem?: () => string | undefined;
}

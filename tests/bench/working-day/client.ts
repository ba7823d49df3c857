import type { Interceptor } from "@connectrpc/connect";
import type { BrowserGlobals } from "./browser-globals.ts";
import type { Issuer } from "./issuer.ts";

/** The browser in which the tabs of one client are open. */
export interface Browser {
  readonly globals: BrowserGlobals;
  readonly issuer: Issuer;
  /** The browser tells its tabs that the network is back. */
  readonly online: EventTarget;
}

/** One tab with the client in it. */
export interface ClientTab {
  /** Attaches tokens, the way an app with this client does. */
  readonly interceptor: Interceptor;
  /** A person signs in: the page goes to the issuer, comes back and is loaded anew. */
  signIn(): Promise<void>;
}

/** What is compared. */
export interface Client {
  readonly name: string;
  readonly version: string;
  /** How it is used: its documented best for several tabs. */
  readonly configuration: string;
  /** Whether one sign-in serves all tabs; otherwise each tab signs in for itself. */
  readonly sharesSession: boolean;
  /** A function that opens the tabs of one browser; `holder` says whose tokens a tab uses. */
  start(browser: Browser): (holder: string) => Promise<ClientTab>;
}

/** What every app writes that only attaches a token. */
export function attach(getToken: () => Promise<string | undefined>): Interceptor {
  return (next) => async (request) => {
    request.header.set("Authorization", `Bearer ${await getToken()}`);
    return next(request);
  };
}

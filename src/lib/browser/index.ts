export type { BrowserPorts, StoreKind } from "./browser-ports.ts";
export { createBrowserSession } from "./create-browser-session.ts";
export type { BrowserSession, BrowserSessionOptions } from "./create-browser-session.ts";
export type { Page } from "./page.ts";
export { sessionFromUserManager } from "./session-from-user-manager.ts";
export type { UserManagerSession } from "./session-from-user-manager.ts";
export type { SignInOutcome } from "./sign-in.ts";

export type { BrowserPorts, StoreKind } from "./browser-ports.ts";
export { createBrowserSession } from "./create-browser-session.ts";
export type { BrowserSession, BrowserSessionOptions } from "./create-browser-session.ts";
export type { Page } from "./page.ts";
export type { SignInOutcome } from "./sign-in.ts";

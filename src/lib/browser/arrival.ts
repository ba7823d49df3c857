import type { SignInOptions } from "../core/session.ts";

/** Why this page was opened, as far as a sign-in is concerned. */
export type Arrival =
  /** For its own sake. */
  | { readonly kind: "page" }
  /** The callback's address without an answer in it: opened by hand or by Back. */
  | { readonly kind: "bare-callback" }
  /** By the issuer, with an answer (RFC 6749, section 4.1.2). */
  | { readonly kind: "callback"; readonly state: string; readonly parameters: URLSearchParams }
  /** By another tab, to sign in here. */
  | { readonly kind: "sign-in-tab"; readonly options: SignInOptions };

const marker = "connectrpc_oauth";

/** What the page at `href` was opened for. */
export function recogniseArrival(href: string, redirectUri: string): Arrival {
  const url = new URL(href);
  const callback = new URL(redirectUri);
  if (url.origin !== callback.origin || url.pathname !== callback.pathname) return { kind: "page" };
  const parameters = url.searchParams;
  if (parameters.get(marker) === "sign-in")
    return { kind: "sign-in-tab", options: readOptions(parameters) };
  const state = parameters.get("state");
  const answered = parameters.has("code") || parameters.has("error");
  if (state === null || !answered) return { kind: "bare-callback" };
  return { kind: "callback", state, parameters };
}

/**
 * The address of a tab that signs in: the callback, which every deployment
 * serves, with what to ask for. Nothing in it is secret; whoever forges it can
 * only make a person sign in (OpenID Connect Core, section 4).
 */
export function signInTabAddress(redirectUri: string, options: SignInOptions): string {
  const url = new URL(redirectUri);
  url.searchParams.set(marker, "sign-in");
  if (options.scopes !== undefined) url.searchParams.set("scope", options.scopes.join(" "));
  if (options.acrValues !== undefined)
    url.searchParams.set("acr_values", options.acrValues.join(" "));
  if (options.maxAgeSeconds !== undefined)
    url.searchParams.set("max_age", String(options.maxAgeSeconds));
  return url.href;
}

function readOptions(parameters: URLSearchParams): SignInOptions {
  const scopes = words(parameters.get("scope"));
  const acrValues = words(parameters.get("acr_values"));
  const maxAge = parameters.get("max_age");
  return {
    ...(scopes === undefined ? {} : { scopes }),
    ...(acrValues === undefined ? {} : { acrValues }),
    ...(maxAge !== null && /^\d{1,9}$/.test(maxAge) ? { maxAgeSeconds: Number(maxAge) } : {}),
  };
}

function words(text: string | null): readonly string[] | undefined {
  return text === null ? undefined : text.split(" ").filter((word) => word !== "");
}

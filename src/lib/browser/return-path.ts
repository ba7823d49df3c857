/**
 * A place of this origin as an absolute address; `home` for anything else: a
 * sign-in must not send people to another site (RFC 9700, section 4.11), nor
 * back to the callback.
 */
export function returnAddress(wanted: string | undefined, redirectUri: string): string {
  const callback = new URL(redirectUri);
  const home = homeAddress(redirectUri);
  if (wanted === undefined) return home;
  const url = parse(wanted, callback.origin);
  // The protocol too: a blob address carries the origin of its page.
  if (url?.origin !== callback.origin || url.protocol !== callback.protocol) return home;
  if (url.pathname === callback.pathname) return home;
  // A userinfo part would show another name in the address bar.
  return url.origin + url.pathname + url.search + url.hash;
}

/** The folder of the callback: the start page of the app. */
export function homeAddress(redirectUri: string): string {
  return new URL(".", redirectUri).href;
}

function parse(text: string, base: string): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

import type { KoaContextWithOIDC } from "oidc-provider";
import { html } from "./pages/html.ts";
import { messagePage, page } from "./pages/page.ts";

/**
 * Answers a valid RP-initiated logout request (OpenID Connect RP-Initiated Logout 1.0 §2) of a signed-in person. Who
 * shows an ID token of that very person needs no confirmation, and neither does a page of this site, such as the
 * dashboard, which shows none because a token must not be in a URL. Everyone else gets a page that asks, because a link
 * on any site could have led here.
 */
export async function answerLogout(ctx: KoaContextWithOIDC): Promise<void> {
  const hint = ctx.oidc.entities.IdTokenHint;
  const proven = hint !== undefined && hint.payload["sub"] === ctx.oidc.session?.accountId;
  if (proven || isFromThisSite(ctx)) {
    await endSession(ctx);
  } else {
    ctx.body = confirmationPage(ctx);
  }
}

/** No page of another site can make a browser say so (W3C Fetch Metadata, section 2.4). */
function isFromThisSite(ctx: KoaContextWithOIDC): boolean {
  return ["same-site", "same-origin"].includes(ctx.get("sec-fetch-site"));
}

async function endSession(ctx: KoaContextWithOIDC): Promise<void> {
  const { provider, session, params } = ctx.oidc;
  if (session === undefined) return;
  const grants = Object.values(session.authorizations ?? {});
  await Promise.all(grants.map(({ grantId }) => revokeGrant(ctx, grantId)));
  await session.destroy();
  ctx.cookies.set(provider.cookieName("session"), null);
  ctx.status = 303;
  ctx.redirect(whereTo(ctx, params?.["post_logout_redirect_uri"], params?.["state"]));
}

async function revokeGrant(ctx: KoaContextWithOIDC, grantId: string | undefined): Promise<void> {
  if (grantId === undefined) return;
  const { AuthorizationCode, Grant, RefreshToken } = ctx.oidc.provider;
  await AuthorizationCode.revokeByGrantId(grantId);
  await RefreshToken.revokeByGrantId(grantId);
  await Grant.adapter.destroy(grantId);
}

/** oidc-provider has dropped a redirect address that is not registered for the client of the hint. */
function whereTo(ctx: KoaContextWithOIDC, uri: unknown, state: unknown): string {
  if (typeof uri !== "string") return ctx.oidc.urlFor("end_session_success");
  const target = new URL(uri);
  if (typeof state === "string") target.searchParams.set("state", state);
  return target.href;
}

function confirmationPage(ctx: KoaContextWithOIDC): string {
  const secret = ctx.oidc.session?.state?.["secret"];
  const xsrf = typeof secret === "string" ? secret : "";
  const action = ctx.oidc.urlFor("end_session_confirm");
  return page(
    "Sign out",
    html`<h1>Sign out of User Lookup?</h1>
      <p class="muted">You are signed in as ${ctx.oidc.session?.accountId ?? ""}.</p>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <input type="hidden" name="logout" value="yes" />
        <button class="button primary" type="submit" autofocus>Sign out</button>
      </form>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}" />
        <button class="quiet" type="submit">Stay signed in</button>
      </form>`,
  );
}

/** The page that ends a sign-out which named no address to go to. */
export function signedOutPage(dashboardUrl: string): string {
  const text = "This browser is no longer signed in to User Lookup.";
  return messagePage("You are signed out", text, dashboardUrl);
}

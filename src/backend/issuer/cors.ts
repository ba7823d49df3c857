import type { Context } from "koa";

const OPEN_ROUTES: ReadonlySet<string> = new Set(["/jwks"]);

/** What a page may read of an answer, besides the body: why it was refused, and when to come again. */
export const exposedHeaders = "WWW-Authenticate, Retry-After, DPoP-Nonce";

/**
 * Corrects oidc-provider's CORS answers: keys and metadata are for everyone, the rest is for `origin` alone (the
 * built-in preflight, and errors found before the client is known, allow any origin).
 */
export function restrictCors(ctx: Context, origin: string): void {
  if (OPEN_ROUTES.has(ctx.path) || ctx.path.startsWith("/.well-known/")) return;
  if (ctx.response.get("Access-Control-Allow-Origin") === "") return;
  if (ctx.get("Origin") === origin) {
    ctx.set("Access-Control-Expose-Headers", exposedHeaders);
    return;
  }
  ctx.remove("Access-Control-Allow-Origin");
  ctx.remove("Access-Control-Allow-Methods");
  ctx.remove("Access-Control-Allow-Headers");
  ctx.remove("Access-Control-Expose-Headers");
}

import { cors } from "@connectrpc/connect";

/**
 * What a server with a token gate tells browsers of other origins (CORS).
 * connect-node answers no preflight: send these before its adapter.
 */

/** For `Access-Control-Allow-Methods`. */
export const corsAllowedMethods: readonly string[] = cors.allowedMethods;

/** For `Access-Control-Allow-Headers`: a `*` would not cover `Authorization`. */
export const corsAllowedHeaders: readonly string[] = [
  ...cors.allowedHeaders,
  "Authorization",
  "X-Request-Id",
];

/** For `Access-Control-Expose-Headers`: what a client needs to understand a refusal. */
export const corsExposedHeaders: readonly string[] = [
  ...cors.exposedHeaders,
  "WWW-Authenticate",
  "Retry-After",
  "X-Request-Id",
];

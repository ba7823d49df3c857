import type { HttpRequest, HttpResponse } from "../http-handler.ts";
import {
  corsAllowedHeaders,
  corsAllowedMethods,
  corsExposedHeaders,
} from "../../lib/server/index.ts";

// The longest time that Chromium accepts.
const MAX_AGE_SECONDS = 7_200;

/**
 * Lets browsers call from exactly one origin (Fetch standard, "CORS
 * protocol"): sets the headers, and answers a preflight.
 *
 * @returns whether the request was a preflight and is answered
 */
export function handleCors(origin: string, request: HttpRequest, response: HttpResponse): boolean {
  response.setHeader("vary", "Origin");
  const isAllowed = request.headers.origin === origin;
  if (isAllowed) {
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-expose-headers", corsExposedHeaders.join(", "));
  }
  const isPreflight =
    request.method === "OPTIONS" && "access-control-request-method" in request.headers;
  if (!isPreflight) return false;
  if (isAllowed) {
    response.setHeader("access-control-allow-methods", corsAllowedMethods.join(", "));
    response.setHeader("access-control-allow-headers", corsAllowedHeaders.join(", "));
    response.setHeader("access-control-max-age", String(MAX_AGE_SECONDS));
  }
  response.statusCode = isAllowed ? 204 : 403;
  response.end();
  return true;
}

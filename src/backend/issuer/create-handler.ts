import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { serveAsset } from "./assets.ts";
import { exposedHeaders } from "./cors.ts";
import type { Counters } from "./demo/counters.ts";
import type { Trouble } from "./demo/trouble.ts";
import { isDisconnect, RefusedRequest, sendJson } from "./respond.ts";

/** The parts that answer requests. Those of the demo are absent outside a demo. */
export interface HandlerParts {
  /** The issuer identifier. */
  readonly url: string;
  readonly dashboardUrl: string;
  /** oidc-provider, asked anew for each request because rotation replaces it. */
  readonly provider: () => RequestListener;
  readonly interaction: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  readonly demo?: {
    readonly endpoints: (req: IncomingMessage, res: ServerResponse, path: string) => Promise<void>;
    readonly trouble: Trouble;
    readonly counters: Counters;
  };
  readonly reportError: (error: unknown) => void;
}

/** Sends each request to its part. The handler never throws and leaves no request without an answer. */
export function createHandler(parts: HandlerParts) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    route(parts, req, res).catch((error: unknown) => answerFailure(parts, res, error));
  };
}

async function route(parts: HandlerParts, req: IncomingMessage, res: ServerResponse) {
  pinAddress(parts.url, req);
  const path = aliasToken(req);
  if (serveAsset(req, res, path)) return;
  if (path.startsWith("/interaction/")) {
    await parts.interaction(req, res);
  } else if (path.startsWith("/demo/") && parts.demo !== undefined) {
    await parts.demo.endpoints(req, res, path);
  } else if (path === "/token" && parts.demo !== undefined) {
    await passTrouble(parts, parts.demo, req, res);
  } else {
    parts.provider()(req, res);
  }
}

/** oidc-provider builds addresses from the Host header, which is the caller's; there is one right value. */
function pinAddress(url: string, req: IncomingMessage): void {
  const { host, protocol } = new URL(url);
  req.headers.host = host;
  req.headers["x-forwarded-proto"] = protocol.slice(0, -1);
  delete req.headers["x-forwarded-host"];
  delete req.headers["x-forwarded-for"];
}

/** Some clients have the token endpoint at `/oauth2/token`. Answers the path without its query. */
function aliasToken(req: IncomingMessage): string {
  const [path = "/", ...query] = (req.url ?? "/").split("?");
  if (path !== "/oauth2/token") return path;
  req.url = ["/token", ...query].join("?");
  return "/token";
}

async function passTrouble(
  parts: HandlerParts,
  { trouble, counters }: NonNullable<HandlerParts["demo"]>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (trouble.state().token === "unavailable") allowDashboard(parts.dashboardUrl, req, res);
  const outcome = await trouble.meet(req, res);
  if (outcome === undefined) parts.provider()(req, res);
  else if (req.method === "POST") counters.countTrouble(outcome);
}

function allowDashboard(dashboardUrl: string, req: IncomingMessage, res: ServerResponse): void {
  if (req.method === "OPTIONS" || req.headers.origin !== new URL(dashboardUrl).origin) return;
  res.setHeader("Vary", "Origin");
  res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
  res.setHeader("Access-Control-Expose-Headers", exposedHeaders);
}

function answerFailure(parts: HandlerParts, res: ServerResponse, error: unknown): void {
  if (error instanceof RefusedRequest) {
    const code = error.status === 404 ? "not_found" : "invalid_request";
    sendJson(res, error.status, { error: code, error_description: error.message });
    return;
  }
  if (isDisconnect(error)) return;
  parts.reportError(error);
  sendJson(res, 500, { error: "server_error", error_description: "The issuer failed. Try again." });
}

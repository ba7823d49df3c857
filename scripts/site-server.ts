import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { resolveSitePath, siteHeaders } from "../src/site/index.ts";
import type { SiteConfig } from "../src/site/index.ts";
import { listen } from "./listen.ts";
import type { Listener } from "./listen.ts";
import { createSiteFile, readSiteFiles } from "./site-files.ts";
import type { Coding, SiteFile } from "./site-files.ts";

/** Where a production build is and how it is served. */
export interface SiteHandlerOptions {
  /** The folder of the build. */
  readonly root: string;
  /** Served as `/config.json`, and the source of every header. */
  readonly config: SiteConfig;
}

/** What {@link createSiteServer} needs. */
export interface SiteServerOptions extends SiteHandlerOptions {
  /** By default both loopback addresses. */
  readonly hosts?: readonly string[];
  /** 0: any free port. */
  readonly port: number;
}

/** A site that is being served. */
export interface SiteServer extends Listener {
  /** The origin, for example `http://localhost:5173`. */
  readonly url: string;
}

/** The two loopback addresses, which `localhost` may mean. */
export const loopbackHosts: readonly string[] = ["127.0.0.1", "::1"];

/**
 * Serves a production build as a good static host would: with the header table
 * of `site`, deep links, 404 for what is missing. The files are read once, at
 * the start. Throws `PortInUseError`.
 */
export async function createSiteServer(options: SiteServerOptions): Promise<SiteServer> {
  const handler = await createSiteHandler(options);
  const listener = await listen(options.hosts ?? loopbackHosts, options.port, handler);
  return { ...listener, url: `http://localhost:${listener.port}` };
}

/** The request handler of {@link createSiteServer}. */
export async function createSiteHandler(options: SiteHandlerOptions): Promise<RequestListener> {
  const files = await readSiteFiles(options.root);
  const json = JSON.stringify(options.config, undefined, 2);
  files.set("/config.json", createSiteFile("/config.json", Buffer.from(`${json}\n`)));
  const paths = new Set(files.keys());
  return (request, response) => {
    const path = pathOf(request);
    const route = resolveSitePath(path, paths);
    const file = route.kind === "missing" ? undefined : files.get(route.path);
    const headers = siteHeaders(options.config, path, {
      missing: file === undefined,
      loopback: isLoopbackAddress(request.socket.localAddress ?? ""),
    });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      sendText(response, 405, "Only GET and HEAD are answered here.\n");
    } else if (file === undefined) {
      sendText(response, 404, "There is nothing at this address.\n");
    } else {
      sendFile(request, response, file).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    }
  };
}

async function sendFile(request: IncomingMessage, response: ServerResponse, file: SiteFile) {
  const coding = file.compressible ? chooseCoding(request.headers["accept-encoding"]) : "identity";
  const tag = file.entityTag(coding);
  response.setHeader("ETag", tag);
  if (file.compressible) response.setHeader("Vary", "Accept-Encoding");
  if (matchesTag(request.headers["if-none-match"], tag)) {
    response.writeHead(304).end();
    return;
  }
  const body = await file.body(coding);
  response.setHeader("Content-Type", file.contentType);
  response.setHeader("Content-Length", body.length);
  if (coding !== "identity") response.setHeader("Content-Encoding", coding);
  response.writeHead(200).end(request.method === "HEAD" ? undefined : body);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.writeHead(status).end(text);
}

/** The pathname as it was sent: the URL class would resolve `..` away. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split(/[?#]/, 1)[0] ?? "/";
}

/** The best coding of `accepted` (RFC 9110 section 12.5.3). */
export function chooseCoding(accepted: string | string[] | undefined): Coding {
  const refused = /;\s*q=0(\.0*)?\s*$/;
  const codings = String(accepted ?? "")
    .split(",")
    .filter((entry) => !refused.test(entry))
    .map((entry) => entry.split(";", 1)[0]?.trim().toLowerCase());
  if (codings.includes("br")) return "br";
  return codings.includes("gzip") ? "gzip" : "identity";
}

/** Whether `If-None-Match` names `tag` (RFC 9110 section 13.1.2, weak comparison). */
function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const named = header.split(",").map((entry) => entry.trim().replace(/^W\//, ""));
  return named.includes("*") || named.includes(tag);
}

function isLoopbackAddress(address: string): boolean {
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}

import { createServer as createHttp1Server } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { createConnections } from "./connections.ts";
import type { Connections } from "./connections.ts";
import type { HttpHandler } from "./http-handler.ts";
import { isHttp2 } from "./is-http2.ts";

const KEEP_ALIVE_MS = 30_000;
const MAX_SILENCE_MS = 120_000;

/** How long a request over HTTP/1.1 may take to arrive. In milliseconds. */
export interface ArrivalLimits {
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often both are looked at. */
  readonly checkEveryMs: number;
}

const DEFAULT_LIMITS: ArrivalLimits = { headersMs: 10_000, requestMs: 60_000, checkEveryMs: 5_000 };

/** An HTTP server without a port of its own: connections are handed to it. */
export interface HttpHost {
  /** Takes a connection from which nothing has been read. */
  readonly accept: (socket: Socket) => void;
  /**
   * Closes idle connections now and the others when their requests are
   * answered, at the latest after `graceMs`. Resolves when none is left.
   */
  close(graceMs: number): Promise<void>;
}

/** A server for HTTP/1.1 only. */
export function createHttp1Host(
  handler: RequestListener,
  limits: ArrivalLimits = DEFAULT_LIMITS,
): HttpHost {
  const connections = createConnections();
  const http1 = createHttp1(handler, connections, limits);
  return {
    accept(socket) {
      connections.add(socket);
      serveHttp1(http1, socket);
    },
    close: (graceMs) => closeHttp1(http1, connections, graceMs),
  };
}

/**
 * A server for HTTP/1.1 and HTTP/2 on one port: gRPC needs the one, browsers
 * the other. With TLS the two are told apart by ALPN, and without it by the
 * first bytes (prior knowledge, RFC 9113, section 3.3). A connection on which
 * nothing was said for `maxSilenceMs` is closed.
 */
export function createHttpHost(handler: HttpHandler, maxSilenceMs = MAX_SILENCE_MS): HttpHost {
  const connections = createConnections();
  const http1 = createHttp1(handler, connections, DEFAULT_LIMITS);
  const http2 = createHttp2Server(handler);
  const sessions = trackSessions(http2, maxSilenceMs);

  async function accept(socket: Socket): Promise<void> {
    connections.add(socket);
    const is = socket instanceof TLSSocket ? socket.alpnProtocol === "h2" : await isHttp2(socket);
    if (is === undefined) socket.destroy();
    else if (is) {
      // A session closes its connection itself, when its streams have ended.
      connections.begin(socket);
      http2.emit("connection", socket);
    } else serveHttp1(http1, socket);
  }

  return {
    accept: (socket) => void accept(socket),
    async close(graceMs) {
      for (const session of sessions) session.close();
      await closeHttp1(http1, connections, graceMs);
    },
  };
}

function createHttp1(
  handler: RequestListener | HttpHandler,
  connections: Connections,
  { headersMs, requestMs, checkEveryMs }: ArrivalLimits,
): Server {
  const options = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkEveryMs,
  };
  const http1 = createHttp1Server(options, handler);
  // Node begins to watch how slowly requests arrive when a server listens, and
  // this one never does: its connections are handed to it.
  http1.emit("listening");
  http1.setTimeout(MAX_SILENCE_MS);
  http1.on("request", (request, response) => {
    response.once("close", connections.begin(request.socket));
  });
  return http1;
}

async function closeHttp1(http1: Server, connections: Connections, graceMs: number): Promise<void> {
  await connections.close(graceMs);
  http1.close();
}

function serveHttp1(http1: Server, socket: Socket): void {
  http1.emit("connection", socket);
  socket.resume();
}

function trackSessions(http2: Http2Server, maxSilenceMs: number): ReadonlySet<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  http2.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    // Streams say something every few seconds, so this ends who has gone or forgotten it.
    session.setTimeout(maxSilenceMs, () => session.close());
  });
  // A peer that breaks the protocol ends its own session, and nothing else.
  http2.on("sessionError", () => {});
  return sessions;
}

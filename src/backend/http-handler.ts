import type { connectNodeAdapter } from "@connectrpc/connect-node";

/** Answers one request of HTTP/1.1 or HTTP/2. */
export type HttpHandler = ReturnType<typeof connectNodeAdapter>;

/** A request of HTTP/1.1 or HTTP/2. */
export type HttpRequest = Parameters<HttpHandler>[0];

/** The response to it. */
export type HttpResponse = Parameters<HttpHandler>[1];

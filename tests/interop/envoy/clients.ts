import { createClient } from "@connectrpc/connect";
import type { Client, Interceptor, Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import { createAuthInterceptor, createTokenSource } from "../../../src/lib/core/index.ts";

/** How clients reach an API behind Envoy. */
export const protocols = [
  "gRPC-Web",
  "gRPC-Web over HTTP/2",
  "Connect",
  "Connect over HTTP/2",
  "gRPC",
] as const;
export type Protocol = (typeof protocols)[number];

/** A client of the library, and what it asked its issuer for. */
export interface TokenClient {
  readonly users: Client<typeof UserService>;
  /** How many tokens it has fetched. */
  readonly fetched: number;
}

/** A client that gets one of `tokens` after the other, and the last one again and again. */
export function clientWith(
  baseUrl: string,
  tokens: readonly string[],
  protocol: Protocol = "gRPC-Web",
): TokenClient {
  let fetched = 0;
  const tokenSource = createTokenSource(async () => {
    const value = tokens[Math.min(fetched++, tokens.length - 1)] ?? "";
    const expiresAt = Date.now() + 300_000;
    const accessToken = { value, type: "Bearer" as const, expiresAt, scopes: [] };
    return { accessToken, refreshToken: undefined, idToken: undefined };
  });
  const interceptors = [createAuthInterceptor({ tokenSource, origins: [baseUrl] })];
  return {
    users: createClient(UserService, transport(baseUrl, protocol, interceptors)),
    get fetched() {
      return fetched;
    },
  };
}

/** A client that sends what it is told, and knows nothing of tokens; it trusts `ca`. */
export function trustingClient(baseUrl: string, protocol: Protocol = "gRPC-Web", ca?: string) {
  return { users: createClient(UserService, transport(baseUrl, protocol, [], ca)) };
}

function transport(
  baseUrl: string,
  protocol: Protocol,
  interceptors: Interceptor[] = [],
  ca?: string,
): Transport {
  const options = { baseUrl, interceptors };
  const over = <V extends "1.1" | "2">(httpVersion: V) => ({
    ...options,
    httpVersion,
    ...(ca === undefined ? {} : { nodeOptions: { ca } }),
  });
  switch (protocol) {
    // As in a browser: the client that the dashboard uses.
    case "gRPC-Web":
      return web.createGrpcWebTransport(options);
    case "gRPC-Web over HTTP/2":
      return createGrpcWebTransport(over("2"));
    case "Connect":
      return createConnectTransport(over("1.1"));
    case "Connect over HTTP/2":
      return createConnectTransport(over("2"));
    case "gRPC":
      return createGrpcTransport(over("2"));
  }
}

/** An empty or one-field message in the envelope of gRPC-Web. */
export function envelope(userId = ""): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(userId);
  const message = text.length === 0 ? [] : [10, text.length, ...text];
  return Uint8Array.from([0, 0, 0, 0, message.length, ...message]);
}

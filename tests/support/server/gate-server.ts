import { createServer as createHttp1Server } from "node:http";
import type { IncomingMessage } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Http2ServerRequest } from "node:http2";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import type { ConnectRouter, HandlerContext, Transport } from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import type { TokenGate } from "../../../src/lib/server/index.ts";

/** The three protocols of Connect, each as clients mostly use it. */
export const protocols = ["gRPC", "gRPC-Web", "Connect"] as const;
export type Protocol = (typeof protocols)[number];

/** A real server with a gate, on free ports. */
export interface GateServer {
  /** The address that speaks the protocol: gRPC over h2c, the others over HTTP/1.1. */
  baseUrl(protocol: Protocol): string;
  transport(protocol: Protocol): Transport;
  /** How many calls came to a handler. */
  readonly entries: number;
  close(): Promise<void>;
}

/** What the handlers of a test do; by default they answer with the id. */
export interface Handlers {
  readonly getUser?: (userId: string, context: HandlerContext) => void;
  readonly watchUser?: (context: HandlerContext) => AsyncIterable<object>;
}

export async function startGateServer(
  gate: TokenGate | undefined,
  handlers: Handlers = {},
): Promise<GateServer> {
  let entries = 0;
  function routes(router: ConnectRouter): void {
    router.service(UserService, {
      getUser(request, context) {
        entries += 1;
        handlers.getUser?.(request.userId, context);
        return { id: request.userId, name: "Ada" };
      },
      async *watchUser(request, context) {
        entries += 1;
        yield { event: { case: "user", value: { id: request.userId } } };
        yield* handlers.watchUser?.(context) ?? [];
      },
    });
  }
  const adapter = connectNodeAdapter({
    routes,
    ...(gate === undefined
      ? {}
      : {
          requestGate: gate.requestGate,
          interceptors: gate.interceptors,
          contextValues: (request: IncomingMessage | Http2ServerRequest) =>
            gate.contextValues(request),
        }),
  });
  const http1 = createHttp1Server({ maxHeaderSize: 64 * 1024 }, adapter);
  const http2 = createHttp2Server(adapter);
  const closeHttp1 = await listen(http1);
  const closeHttp2 = await listen(http2);
  const baseUrl = (protocol: Protocol): string => addressOf(protocol === "gRPC" ? http2 : http1);
  return {
    baseUrl,
    transport: (protocol) => createTransport(protocol, baseUrl(protocol)),
    get entries() {
      return entries;
    },
    async close() {
      await Promise.all([closeHttp1(), closeHttp2()]);
    },
  };
}

/** A client's transport for the protocol. */
export function createTransport(protocol: Protocol, baseUrl: string): Transport {
  if (protocol === "gRPC") return createGrpcTransport({ baseUrl });
  if (protocol === "gRPC-Web") return createGrpcWebTransport({ baseUrl, httpVersion: "1.1" });
  return createConnectTransport({ baseUrl, httpVersion: "1.1" });
}

/** Listens on a free port of 127.0.0.1; returns what closes every connection, too. */
export async function listen(server: Server): Promise<() => Promise<void>> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}

/** An address on which nobody listens. */
export async function unusedAddress(): Promise<string> {
  const server = createTcpServer();
  const close = await listen(server);
  const address = addressOf(server);
  await close();
  return address;
}

/** The address of a server that listens. */
export function addressOf(server: Server): string {
  const address = server.address();
  if (!isAddressInfo(address)) throw new Error("The server does not listen on a port.");
  return `http://127.0.0.1:${address.port}`;
}

function isAddressInfo(address: ReturnType<Server["address"]>): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

const LOOPBACK_ADDRESSES = ["127.0.0.1", "::1"];
const LOOPBACK_HOSTS: readonly string[] = ["localhost", ...LOOPBACK_ADDRESSES];
const MAX_ATTEMPTS = 20;
const NO_SUCH_FAMILY = ["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"];

/** A port of this machine that is taken, on each address that `host` stands for. */
export interface Listener {
  readonly port: number;
  /** For example `["127.0.0.1", "::1"]`. */
  readonly addresses: readonly string[];
  /** Hands over every connection, also those that came before this call. */
  serve(onConnection: (socket: Socket) => void): void;
  /** Accepts no more connections; those that were handed over live on. */
  close(): void;
}

/** Where to listen. */
export interface ListenOptions {
  /** A host name or address; a loopback name stands for both 127.0.0.1 and ::1. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The environment variable that sets the port, for the error. */
  readonly variable: string;
}

/** A port that cannot be had; the message names it and its variable. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** Whether a host name or address is of this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_HOSTS.includes(host.replace(/^\[|\]$/g, ""));
}

/** Takes a port. @throws ListenError when it is in use or must not be taken */
export async function listen(options: ListenOptions): Promise<Listener> {
  for (let attempt = 1; ; attempt += 1) {
    const servers: Server[] = [];
    try {
      await listenOnAll(options, servers);
      return createListener(servers);
    } catch (error) {
      for (const server of servers) server.close();
      // The free port of one family may be taken in the other.
      const canRetry = options.port === 0 && codeOf(error) === "EADDRINUSE";
      if (!canRetry || attempt >= MAX_ATTEMPTS) throw toListenError(error, options);
    }
  }
}

async function listenOnAll({ host, port }: ListenOptions, servers: Server[]): Promise<void> {
  if (!isLoopback(host)) {
    servers.push(await listenOn(host, port));
    return;
  }
  for (const address of LOOPBACK_ADDRESSES) {
    try {
      servers.push(await listenOn(address, port || portOf(servers[0])));
    } catch (error) {
      if (servers.length === 0 || !NO_SUCH_FAMILY.includes(codeOf(error))) throw error;
    }
  }
}

function listenOn(host: string, port: number): Promise<Server> {
  const server = createServer({ pauseOnConnect: true });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

function createListener(servers: readonly Server[]): Listener {
  const early: Socket[] = [];
  let handOver = (socket: Socket): void => void early.push(socket);
  for (const server of servers) {
    server.on("connection", (socket: Socket) => handOver(socket));
    // Out of file descriptors, for example: the next connection may be accepted again.
    server.on("error", () => {});
  }
  return {
    port: portOf(servers[0]),
    addresses: servers.map((server) => addressOf(server)?.address ?? ""),
    serve(onConnection) {
      handOver = onConnection;
      for (const socket of early.splice(0)) onConnection(socket);
    },
    close() {
      for (const server of servers) server.close();
      for (const socket of early.splice(0)) socket.destroy();
    },
  };
}

function addressOf(server: Server | undefined): AddressInfo | undefined {
  const address = server?.address();
  return typeof address === "object" && address !== null ? address : undefined;
}

function portOf(server: Server | undefined): number {
  return addressOf(server)?.port ?? 0;
}

function toListenError(error: unknown, { host, port, variable }: ListenOptions): ListenError {
  const remedy = `set ${variable} to a free port`;
  const messages: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} (${variable}) is already in use on ${host}. Stop the program that uses it, or ${remedy}.`,
    EACCES: `Port ${port} (${variable}) may not be used by this account. Choose a port above 1023: ${remedy}.`,
    EADDRNOTAVAIL: `${host} (HOST) is no address of this machine. Set HOST to one that is.`,
    ENOTFOUND: `${host} (HOST) cannot be resolved. Set HOST to an address of this machine.`,
  };
  const code = codeOf(error);
  const message =
    messages[code] ??
    `Port ${port} (${variable}) on ${host} cannot be opened (${code}): ${remedy}.`;
  return new ListenError(message, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

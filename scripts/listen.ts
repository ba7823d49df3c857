import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createServer as createTlsServer } from "node:https";

/** Servers that answer on one port of several addresses of this machine. */
export interface Listener {
  /** The port; the one that the system chose when 0 was asked for. */
  readonly port: number;
  /** Stops listening and ends every connection. */
  readonly close: () => Promise<void>;
}

/** A certificate and its key, as PEM. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

/** The port belongs to another program. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
  readonly port: number;

  constructor(port: number, options?: ErrorOptions) {
    super(`Port ${port} is in use by another program.`, options);
    this.port = port;
  }
}

/**
 * Listens on `port` of every host, with TLS when there are `credentials`. A host
 * that the machine does not have (no IPv6) is left out, unless it is the only
 * one. Throws {@link PortInUseError}.
 */
export async function listen(
  hosts: readonly string[],
  port: number,
  handler: RequestListener,
  credentials?: Credentials,
): Promise<Listener> {
  const create = () =>
    credentials === undefined
      ? createServer(handler)
      : createTlsServer({ cert: credentials.cert, key: credentials.key }, handler);
  const servers: Server[] = [];
  const close = async () => {
    await Promise.all(servers.map(closeServer));
  };
  let chosen = port;
  try {
    for (const host of hosts) {
      const server = await listenOn(host, chosen, create, hosts.length > 1);
      if (server === undefined) continue;
      servers.push(server);
      chosen = portOf(server);
    }
  } catch (error) {
    await close();
    // A port that was free on the first host may be taken on the second.
    if (port === 0 && error instanceof PortInUseError) {
      return listen(hosts, port, handler, credentials);
    }
    throw error;
  }
  if (servers.length > 0) return { port: chosen, close };
  throw new Error(`None of ${hosts.join(", ")} is an address of this machine; correct HOST.`);
}

function listenOn(
  host: string,
  port: number,
  create: () => Server,
  optional: boolean,
): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = create();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") reject(new PortInUseError(port, { cause: error }));
      else if (optional && isNoAddress(error)) resolve(undefined);
      else reject(error);
    });
    server.listen({ host, port }, () => {
      resolve(server);
    });
  });
}

function isNoAddress(error: NodeJS.ErrnoException): boolean {
  return error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT";
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

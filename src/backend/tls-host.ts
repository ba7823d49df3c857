import { createServer } from "node:tls";
import type { HttpHost } from "./http-host.ts";

const HANDSHAKE_MS = 10_000;

/** A certificate, with the authorities between it and its root, and its private key, as PEM. */
export interface TlsCredentials {
  readonly cert: string;
  readonly key: string;
}

/** The same host behind TLS. It offers `protocols` by ALPN (RFC 7301), the best one first. */
export function secureHost(
  host: HttpHost,
  credentials: TlsCredentials,
  protocols: readonly string[],
): HttpHost {
  const server = createServer({
    ...credentials,
    ALPNProtocols: [...protocols],
    handshakeTimeout: HANDSHAKE_MS,
  });
  server.on("secureConnection", (socket) => host.accept(socket.ref()));
  // Whoever does not get through the handshake is told by TLS itself.
  server.on("tlsClientError", () => {});
  return {
    accept(socket) {
      // A handshake alone does not keep the process alive.
      server.emit("connection", socket.unref());
    },
    close: (graceMs) => host.close(graceMs),
  };
}

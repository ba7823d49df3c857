import type { Socket } from "node:net";

const KEEP_ALIVE_PROBE_MS = 30_000;

/** The open connections of a server, so that they can be closed without cutting anything off. */
export interface Connections {
  add(socket: Socket): void;
  /** A request of this connection begins; call the result when it is answered. */
  begin(socket: Socket): () => void;
  /**
   * Closes idle connections now and the others when they become idle, at the
   * latest after `graceMs`. Resolves when none is left.
   */
  close(graceMs: number): Promise<void>;
}

/** No connections yet. */
export function createConnections(): Connections {
  const requests = new Map<Socket, number>();
  let isClosing = false;
  let onEmpty = () => {};

  function forget(socket: Socket): void {
    requests.delete(socket);
    if (requests.size === 0) onEmpty();
  }

  return {
    add(socket) {
      requests.set(socket, 0);
      socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
      socket.once("close", () => forget(socket));
      // A peer that has gone is told of by "close" as well.
      socket.on("error", () => {});
    },
    begin(socket) {
      requests.set(socket, (requests.get(socket) ?? 0) + 1);
      return () => {
        const left = (requests.get(socket) ?? 1) - 1;
        if (requests.has(socket)) requests.set(socket, left);
        if (isClosing && left === 0) socket.destroySoon();
      };
    },
    async close(graceMs) {
      isClosing = true;
      for (const [socket, count] of requests) if (count === 0) socket.destroySoon();
      if (requests.size === 0) return;
      const empty = new Promise<void>((resolve) => (onEmpty = resolve));
      const timer = setTimeout(() => {
        for (const socket of requests.keys()) socket.destroy();
      }, graceMs);
      await empty;
      clearTimeout(timer);
    },
  };
}

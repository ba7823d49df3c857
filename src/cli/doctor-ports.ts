import { connect } from "node:tls";
import type { Trust } from "../lib/node/index.ts";
import { createSimulatedPage } from "../site/index.ts";
import type { DoctorPorts } from "../site/index.ts";
import { printable } from "./answer.ts";

/** What {@link createDoctorPorts} needs. */
export interface DoctorPortsOptions {
  readonly trust: Trust;
  /** For each request. */
  readonly timeoutMs: number;
  /** The origin whose pages are simulated; without one nothing is kept back. */
  readonly origin: string | undefined;
}

/** Lets the doctor of `site` see from a terminal what a page would see. */
export function createDoctorPorts(options: DoctorPortsOptions): DoctorPorts {
  const { trust, timeoutMs, origin } = options;
  const page = {
    fetch: (url: string, init: RequestInit) =>
      trust.fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
    reasonOf,
  };
  return {
    look: createSimulatedPage(origin === undefined ? page : { ...page, origin }),
    open: createSimulatedPage(page),
    protocol: (url) => askProtocol(url, options),
    now: () => Date.now(),
  };
}

/** What a server chooses when HTTP/2 and HTTP/1.1 are offered (ALPN, RFC 7301). */
function askProtocol(url: string, options: DoctorPortsOptions): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  const { ca } = options.trust.nodeOptions;
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: port === "" ? 443 : Number(port),
      servername: hostname,
      ALPNProtocols: ["h2", "http/1.1"],
      timeout: options.timeoutMs,
      ca,
    });
    const end = (protocol: string | undefined) => {
      resolve(protocol);
      socket.destroy();
    };
    // A server that knows no ALPN speaks HTTP/1.1.
    socket.once("secureConnect", () => end(socket.alpnProtocol || "http/1.1"));
    // That it does not answer is found by who asks for more.
    socket.once("error", () => end(undefined));
    socket.once("timeout", () => end(undefined));
  });
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return printable(message).replace(/\.$/, "");
}

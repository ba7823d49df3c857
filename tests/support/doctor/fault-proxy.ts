import { once } from "node:events";
import { createServer, request as send } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request on its way, to be changed. */
export interface ProxiedRequest {
  readonly method: string;
  url: string;
  readonly headers: IncomingHttpHeaders;
}

/** An answer on its way back, to be changed. */
export interface ProxiedAnswer {
  status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** What a proxy spoils. */
export interface Fault {
  readonly request?: (request: ProxiedRequest) => void;
  /** `drop`: the connection is closed without an answer. */
  readonly answer?: (answer: ProxiedAnswer, request: ProxiedRequest) => "drop" | void;
}

/** A server that passes everything on, and spoils what it is told to. */
export interface FaultProxy {
  readonly url: string;
  /** Where requests are passed to. */
  to(port: number): void;
  /** Spoils from now on; without a fault nothing. */
  spoil(fault?: Fault): void;
  close(): Promise<void>;
}

/** Starts one on a free port, reached as `localhost`. */
export async function startFaultProxy(): Promise<FaultProxy> {
  let upstream = 0;
  let fault: Fault = {};
  const server = createServer((request, response) => {
    const asked = {
      method: request.method ?? "GET",
      url: request.url ?? "/",
      headers: request.headers,
    };
    const { answer: spoil, request: change } = fault;
    change?.(asked);
    pass(request, asked, upstream)
      .then((answer) => {
        if (spoil?.(answer, asked) === "drop") {
          response.destroy();
          return;
        }
        response.writeHead(answer.status, answer.headers).end(answer.body);
      })
      .catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    to: (port) => (upstream = port),
    spoil: (next = {}) => (fault = next),
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

async function pass(
  request: IncomingMessage,
  asked: ProxiedRequest,
  port: number,
): Promise<ProxiedAnswer> {
  const { method, url: path, headers } = asked;
  const sent = send({ host: "127.0.0.1", port, method, path, headers });
  request.pipe(sent);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  // They are those of the other connection, and of a body that may change.
  const own = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);
  const kept = Object.entries(answer.headers).filter(([name]) => !own.has(name));
  return { status: answer.statusCode ?? 0, headers: Object.fromEntries(kept), body };
}

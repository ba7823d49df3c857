import { request as sendHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as sendHttps } from "node:https";
import type { Agent } from "node:https";
import { Readable } from "node:stream";
import type { Fetch } from "../core/ports.ts";
import { findCertificateError } from "./certificate-error.ts";

/**
 * A `fetch` over `agent`, because Node's own takes no certificate authority.
 * For token endpoints: it sends no cookies, asks for no compression, and follows
 * no redirect, which would take a secret elsewhere. With `redirect: "manual"` it
 * gives a redirect as it is, and otherwise rejects.
 */
export function createHttpsFetch(agent: Agent): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer());
    const answer = await send(request, body, agent);
    const { statusCode: status = 0, headers } = answer;
    const isRedirect = status >= 300 && status < 400 && headers.location !== undefined;
    if (isRedirect && init?.redirect !== "manual") {
      answer.destroy();
      throw new TypeError(`${new URL(request.url).origin} redirects, which is not followed.`);
    }
    return toResponse(answer, status);
  };
}

function send(request: Request, body: Buffer, agent: Agent): Promise<IncomingMessage> {
  const { method, signal, url } = request;
  const headers = Object.fromEntries(request.headers);
  const options = { method, headers, signal };
  return new Promise((resolve, reject) => {
    const sent = url.startsWith("https:")
      ? sendHttps(url, { ...options, agent }, resolve)
      : sendHttp(url, options, resolve);
    sent.once("error", (reason) => reject(explain(request, reason)));
    sent.end(body.length > 0 ? body : undefined);
  });
}

function explain({ signal, url }: Request, reason: Error): unknown {
  if (signal.aborted) return signal.reason;
  const code = "code" in reason ? String(reason.code) : reason.name;
  return (
    findCertificateError(reason, url) ??
    new TypeError(`The request to ${new URL(url).host} failed (${code}).`, { cause: reason })
  );
}

function toResponse(answer: IncomingMessage, status: number): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const init = { status, statusText: answer.statusMessage ?? "", headers };
  if (![204, 205, 304].includes(status)) return new Response(toWeb(answer), init);
  answer.resume();
  return new Response(null, init);
}

// Node declares its own type of web streams, which is the one of `Response` at run time.
function toWeb(answer: IncomingMessage): ReadableStream<Uint8Array> {
  return Readable.toWeb(answer) as ReadableStream<Uint8Array>;
}

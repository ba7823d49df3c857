import type { IncomingMessage, ServerResponse } from "node:http";

const BODY_LIMIT_BYTES = 16 * 1024;

/** A request that is refused before anything is done, with the status to say so. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
  /** The HTTP status of the answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads a small body as text. @throws RefusedRequest (413) when it is longer than 16 KiB */
export async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT_BYTES) throw new RefusedRequest(413, "The request body is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Sends `value` as JSON that nobody stores. */
export function sendJson(res: ServerResponse, status: number, value: unknown): void {
  send(res, status, "application/json; charset=utf-8", JSON.stringify(value));
}

/** Sends a page under a policy that runs no script; its forms may lead to `formTargets` (origins) and this origin. */
export function sendHtml(
  res: ServerResponse,
  status: number,
  markup: string,
  formTargets: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(pageHeaders(formTargets))) res.setHeader(name, value);
  send(res, status, "text/html; charset=utf-8", markup);
}

/**
 * The headers of every page. Browsers apply `form-action` to the redirects that follow a form as well, so the origins
 * that a sign-in ends at are part of it.
 */
export function pageHeaders(formTargets: readonly string[]): Record<string, string> {
  return {
    "Content-Security-Policy":
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; " +
      `form-action ${["'self'", ...formTargets].join(" ")}`,
    // no-referrer would make browsers send "Origin: null" with the form, which is checked.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
  };
}

/** Sends a body that nobody stores. */
export function send(res: ServerResponse, status: number, contentType: string, body: string): void {
  if (res.headersSent || res.destroyed) return;
  res.statusCode = status;
  res.setHeader("Content-Type", contentType);
  if (!res.hasHeader("Cache-Control")) res.setHeader("Cache-Control", "no-store");
  res.end(body);
}

/** Whether a request that changes something may come from where it comes from: no browser origin, or one of `origins`. */
export function comesFrom(req: IncomingMessage, origins: readonly string[]): boolean {
  const { origin } = req.headers;
  return origin === undefined || origins.includes(origin);
}

/** Whether `error` says that the caller went away, which is nobody's failure. */
export function isDisconnect(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return ["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"].includes(String(error.code));
}

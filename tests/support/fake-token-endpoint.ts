import { createVirtualClock } from "./virtual-clock.ts";

/** What a token endpoint does with a request. */
export type Reply = Response | Error | (() => Promise<Response>);

/** A `fetch` that gives the replies in turn, the last one for ever, and keeps what was sent. */
export function createFakeTokenEndpoint(replies: readonly Reply[]) {
  const clock = createVirtualClock();
  const sent: { url: string; body: URLSearchParams; headers: Headers }[] = [];
  const fetch = async (input: string | URL, init: RequestInit = {}) => {
    const body = init.body instanceof URLSearchParams ? init.body : new URLSearchParams();
    sent.push({ url: String(input), body, headers: new Headers(init.headers) });
    const reply = replies[Math.min(sent.length, replies.length) - 1];
    if (reply === undefined) throw new Error("No reply is left.");
    if (reply instanceof Error) throw reply;
    return reply instanceof Response ? reply.clone() : reply();
  };
  return { clock, sent, fetch };
}

/** A JSON answer. */
export function json(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

/** A successful answer of a token endpoint (RFC 6749, section 5.1). */
export function tokenAnswer(more: object = {}): Response {
  const body = { access_token: "at-1", token_type: "bearer", expires_in: 60, scope: "users.read" };
  return json({ ...body, ...more });
}

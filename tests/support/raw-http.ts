import { connect } from "node:net";

/** An answer to a request that was written byte for byte. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends a POST whose head and body are exactly these, and reads the JSON that comes back. */
export async function postRaw(
  issuerUrl: string,
  path: string,
  headers: readonly string[],
  body: string,
): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(issuerUrl);
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const head = [`POST ${path} HTTP/1.1`, `Host: ${host}`, ...headers, length];
  const socket = connect(Number(port), hostname);
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  let received = "";
  for await (const chunk of socket) {
    received += String(chunk);
    const answer = parse(received);
    if (answer !== undefined) return answer;
  }
  throw new Error(`the connection ended in the middle of an answer: ${received}`);
}

function parse(text: string): RawAnswer | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const fields = lines.map((line) => line.split(/:\s*(.*)/s, 2) as [string, string]);
  const headers = new Headers(fields);
  const body = text.slice(end + 4);
  const length = Number(headers.get("content-length") ?? Number.NaN);
  if (Number.isNaN(length)) throw new Error(`an answer without a length: ${text}`);
  if (Buffer.byteLength(body) < length) return undefined;
  return { status: Number(statusLine.split(" ")[1]), headers, body: JSON.parse(body) };
}

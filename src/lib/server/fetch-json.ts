import type { Clock, Fetch } from "../core/ports.ts";

/** The bounds of one download. */
export interface FetchJsonOptions {
  readonly clock: Clock;
  readonly fetch: Fetch;
  /** For the answer and its body together. */
  readonly timeoutMs: number;
  /** Of the body, after decompression. */
  readonly maxBytes: number;
}

/** An answer with a status other than 200. */
export class UnexpectedStatus extends Error {
  override readonly name = "UnexpectedStatus";
  readonly status: number;

  constructor(url: URL, status: number) {
    super(`${url.href} answered with status ${status}, not 200.`);
    this.status = status;
  }
}

/**
 * The JSON at `url`. Follows no redirect, waits no longer and reads no more
 * than told. Rejects with an `Error` that names the address.
 */
export async function fetchJson(url: URL, options: FetchJsonOptions): Promise<unknown> {
  const { clock, fetch, timeoutMs, maxBytes } = options;
  const controller = new AbortController();
  const stop = clock.after(timeoutMs, () => {
    controller.abort(new Error(`${url.href} did not answer within ${timeoutMs} ms.`));
  });
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json" },
      // Edge runtimes know no "error"; with "manual" a redirect is a status like any other.
      redirect: "manual",
      signal: controller.signal,
    });
    if (response.status !== 200) throw new UnexpectedStatus(url, response.status);
    return JSON.parse(await readText(url, response, maxBytes));
  } finally {
    stop();
    controller.abort();
  }
}

async function readText(url: URL, response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`${url.href} answered with more than ${maxBytes} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

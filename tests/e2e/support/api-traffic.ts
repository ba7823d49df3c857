import type { Page, Response } from "@playwright/test";

/** What went over the wire between pages and the API. Tokens stay in here: only their number comes out. */
export interface ApiTraffic {
  /** How many different access tokens the API has seen. */
  distinctTokens(): number;
  /** The gRPC status of every call that was answered, by method, other than OK. */
  readonly failures: string[];
  /** How many calls were answered. */
  answered(): number;
  /** Resolves when every answer that has come was looked at. */
  settled(): Promise<void>;
}

/** Watches the calls of a page to the API. */
export function watchTraffic(page: Page, apiUrl: string): ApiTraffic {
  const tokens = new Set<string>();
  const failures: string[] = [];
  const pending = new Set<Promise<void>>();
  let answered = 0;
  const isCall = (url: string) => url.startsWith(`${apiUrl}/user.v1.UserService/`);
  page.on("request", (request) => {
    const authorization = request.headers()["authorization"];
    if (isCall(request.url()) && authorization !== undefined) tokens.add(authorization);
  });
  page.on("response", (response) => {
    if (response.request().method() !== "POST" || !isCall(response.url())) return;
    const work = readStatus(response).then((status) => {
      pending.delete(work);
      if (status === undefined) return;
      answered++;
      if (status !== "0") failures.push(`${new URL(response.url()).pathname}: ${status}`);
    });
    pending.add(work);
  });
  return {
    distinctTokens: () => tokens.size,
    failures,
    answered: () => answered,
    async settled() {
      await Promise.all(pending);
    },
  };
}

// gRPC-Web says the status in a trailer frame at the end of the body. A call that
// the page itself gave up has none, and neither has a stream that goes on.
async function readStatus(response: Response): Promise<string | undefined> {
  if (response.url().endsWith("/WatchUser")) return undefined;
  try {
    const body = (await response.body()).toString("latin1");
    return /grpc-status:\s*(\d+)/.exec(body)?.[1] ?? response.headers()["grpc-status"] ?? "none";
  } catch {
    return undefined;
  }
}

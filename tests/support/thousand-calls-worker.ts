// A Worker that makes many calls at once from a cold start, within one request.
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createAuthInterceptor, createTokenSource } from "../../src/lib/core/index.ts";
import { clientCredentials } from "../../src/lib/grants/index.ts";

interface Environment {
  readonly TOKEN_URL: string;
  readonly API_URL: string;
}

// A Worker in production has six connections at most, and further requests wait
// for one; workerd alone opens as many as it is asked for.
function createWorkerFetch(): typeof fetch {
  const waiting: (() => void)[] = [];
  let free = 6;
  return async (input, init) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await fetch(input, { ...init, redirect: "manual" });
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

export default {
  async fetch(request: Request, { TOKEN_URL: tokenUrl, API_URL: baseUrl }: Environment) {
    let tokenRequests = 0;
    const workerFetch = createWorkerFetch();
    const grant = clientCredentials({
      tokenUrl,
      clientId: "test-client",
      clientSecret: "foobar",
      scopes: ["users.read"],
      fetch: (input, init) => {
        tokenRequests += 1;
        return fetch(input, init);
      },
    });
    const tokenSource = createTokenSource(grant);
    const interceptors = [createAuthInterceptor({ tokenSource, origins: [baseUrl] })];
    const transport = createGrpcWebTransport({ baseUrl, interceptors, fetch: workerFetch });
    const users = createClient(UserService, transport);
    const count = Number(new URL(request.url).searchParams.get("count"));
    const calls = Array.from({ length: count }, () => users.getUser({ userId: "user123" }));
    const names = [...new Set((await Promise.all(calls)).map(({ name }) => name))];
    return Response.json({ tokenRequests, names });
  },
};

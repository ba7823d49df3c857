// A Worker that answers GET /users/:id by gRPC-Web. In a project of your own the
// imports are "connectrpc-oauth" and "connectrpc-oauth/grants".
import { toJson } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { UserSchema, UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createAuthInterceptor, createTokenSource } from "../../src/lib/core/index.ts";
import type { Grant, TokenCache } from "../../src/lib/core/index.ts";
import { clientCredentials, tokenExchange } from "../../src/lib/grants/index.ts";

/** The variables and secrets of the Worker. */
export interface Environment {
  readonly TOKEN_URL: string;
  readonly API_URL: string;
  readonly CLIENT_ID: string;
  readonly CLIENT_SECRET: string;
  /** `client-credentials`: as the Worker itself. `token-exchange`: on behalf of the caller. */
  readonly MODE: "client-credentials" | "token-exchange";
}

type Cached = NonNullable<ReturnType<TokenCache["get"]>>;

// All requests of an isolate share the tokens that have arrived. What is still
// under way belongs to one request: Workers cancel it when that request ends.
const settledTokens = new Map<string, Cached>();

// Workers refuse `redirect: "error"`, which transports of Connect ask for.
const workerFetch: typeof fetch = (input, init) => fetch(input, { ...init, redirect: "manual" });

export default {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const userId = new URLPattern({ pathname: "/users/:id" }).exec(request.url)?.pathname.groups[
      "id"
    ];
    if (request.method !== "GET" || userId === undefined)
      return answer(404, "There is nothing here.");
    const tokenSource = chooseTokenSource(request, environment);
    if (tokenSource === undefined) return answer(401, "Bring a bearer token.");
    const { API_URL: baseUrl } = environment;
    const interceptors = [createAuthInterceptor({ tokenSource, origins: [baseUrl] })];
    const transport = createGrpcWebTransport({ baseUrl, interceptors, fetch: workerFetch });
    try {
      const user = await createClient(UserService, transport).getUser({
        userId: decodeURIComponent(userId),
      });
      return Response.json(toJson(UserSchema, user));
    } catch (reason) {
      return answerFailure(ConnectError.from(reason));
    }
  },
};

function chooseTokenSource(request: Request, environment: Environment) {
  const {
    TOKEN_URL: tokenUrl,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    MODE,
  } = environment;
  const client = { tokenUrl, clientId, clientSecret, scopes: ["users.read"] };
  if (MODE === "client-credentials") {
    return createTokenSource(clientCredentials(client), { cache: settledTokens });
  }
  const [, subjectToken] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (subjectToken === undefined) return undefined;
  const grant: Grant = tokenExchange({ ...client, subjectToken });
  // A cache of its own: what was exchanged for one caller is no other caller's.
  return createTokenSource(grant);
}

const statuses: Partial<Record<Code, number>> = {
  [Code.InvalidArgument]: 400,
  [Code.NotFound]: 404,
  [Code.Unauthenticated]: 401,
  [Code.PermissionDenied]: 403,
  [Code.Unavailable]: 503,
};

function answerFailure({ code }: ConnectError): Response {
  return answer(statuses[code] ?? 502, `The lookup failed (${Code[code]}).`);
}

function answer(status: number, message: string): Response {
  return Response.json({ message }, { status });
}

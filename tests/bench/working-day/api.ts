import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import type { Interceptor, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import {
  GetUserRequestSchema,
  UserSchema,
  UserService,
} from "../../../src/gen/user/v1/user_service_pb.ts";
import type { Random } from "../../../src/lib/core/index.ts";
import type { Issuer } from "./issuer.ts";
import { latency } from "./network.ts";
import type { Network } from "./network.ts";

/** Where the API is. */
export const apiOrigin = "https://api.example";

/** One call, as it went. Times in epoch milliseconds. */
export interface CallOutcome {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly succeeded: boolean;
  /** How long it waited for anything else than the API. */
  readonly waitedMs: number;
}

const message = create(GetUserRequestSchema, { userId: "user123" });
const answer = create(UserSchema, { id: "user123", name: "Ada" });
const contextValues = createContextValues();
const method = UserService.method.getUser;

/** An API that takes access tokens; makes calls to it through an interceptor. */
export function createApi(network: Network, issuer: Issuer, random: Random) {
  return async (interceptor: Interceptor): Promise<CallOutcome> => {
    const startedAt = Date.now();
    let apiMs = 0;
    const call = interceptor(async (request) => {
      const sentAt = Date.now();
      try {
        const token = request.header.get("Authorization")?.slice("Bearer ".length) ?? "";
        const serve = () => issuer.accepts(token);
        if (await network.transmit(latency(random, 20, 60), serve)) return createResponse();
      } catch (error) {
        throw new ConnectError("no connection", Code.Unavailable, undefined, undefined, error);
      } finally {
        apiMs += Date.now() - sentAt;
      }
      throw new ConnectError("the token has expired", Code.Unauthenticated);
    });
    const succeeded = await call(createRequest()).then(
      () => true,
      () => false,
    );
    const endedAt = Date.now();
    return { startedAt, endedAt, succeeded, waitedMs: endedAt - startedAt - apiMs };
  };
}

function createRequest(): UnaryRequest {
  return {
    stream: false,
    service: UserService,
    method,
    requestMethod: "POST",
    url: `${apiOrigin}/${UserService.typeName}/${method.name}`,
    signal: new AbortController().signal,
    header: new Headers(),
    contextValues,
    message,
  };
}

function createResponse(): UnaryResponse {
  const [header, trailer] = [new Headers(), new Headers()];
  return { stream: false, service: UserService, method, header, trailer, message: answer };
}

import { connectNodeAdapter } from "@connectrpc/connect-node";
import { UserService } from "../../gen/user/v1/user_service_pb.ts";
import type { TokenGate } from "../../lib/server/index.ts";
import type { HttpHandler, HttpResponse } from "../http-handler.ts";
import { handleCors } from "./cors.ts";
import { createRequestInfo } from "./request-info.ts";
import type { ReportError } from "./request-info.ts";
import type { UserStore } from "./store.ts";
import { createUserService } from "./user-service.ts";
import { createUserWatches } from "./user-watches.ts";

const MAX_REQUEST_BYTES = 1024 * 1024;

/** What the users' API is made of. */
export interface UsersApiOptions {
  readonly store: UserStore;
  readonly gate: TokenGate;
  /** The one origin whose pages may call. */
  readonly dashboardOrigin: string;
  readonly reportError: ReportError;
}

/** The users' API, to be mounted into an HTTP server. */
export interface UsersApi {
  /** Answers one request of HTTP/1.1 or HTTP/2, whatever its path. Never throws. */
  readonly handle: HttpHandler;
  /** How many streams are open. */
  readonly openWatches: number;
  /** Ends all streams with UNAVAILABLE; `/healthz` says so from now on. */
  close(): void;
}

/**
 * `user.v1.UserService` as gRPC, gRPC-Web and Connect, behind the token gate,
 * and `/healthz`. Everything else is 404.
 */
export function createUsersApi(options: UsersApiOptions): UsersApi {
  const { store, gate, dashboardOrigin, reportError } = options;
  const watches = createUserWatches(store);
  const requestInfo = createRequestInfo(gate.requestGate, reportError);
  let isClosed = false;
  const rpc = connectNodeAdapter({
    routes: (router) => void router.service(UserService, createUserService(store, watches)),
    requestGate: requestInfo.requestGate,
    interceptors: [requestInfo.interceptor, ...gate.interceptors],
    contextValues: gate.contextValues,
    readMaxBytes: MAX_REQUEST_BYTES,
    fallback: (request, response) => {
      if (request.url?.split("?", 1)[0] === "/healthz") answerHealth(store, isClosed, response);
      else answer(response, 404, "There is nothing at this address.");
    },
  });
  return {
    handle(request, response) {
      try {
        if (!handleCors(dashboardOrigin, request, response)) rpc(request, response);
      } catch {
        // connect-node throws when it cannot build a URL from the request, for example without a Host header.
        answer(response, 400, "The request has no valid address.");
      }
    },
    get openWatches() {
      return watches.size;
    },
    close() {
      isClosed = true;
      watches.close();
    },
  };
}

function answerHealth(store: UserStore, isClosed: boolean, response: HttpResponse): void {
  if (isClosed) return answer(response, 503, "shutting down");
  try {
    store.changeStamp();
    store.get("");
  } catch {
    return answer(response, 503, "the database cannot be read");
  }
  answer(response, 200, "ok");
}

function answer(response: HttpResponse, status: number, text: string): void {
  if (response.headersSent) return;
  response.statusCode = status;
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.setHeader("cache-control", "no-store");
  response.end(`${text}\n`);
}

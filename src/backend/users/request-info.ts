import { randomUUID } from "node:crypto";
import { Code, ConnectError, createContextKey } from "@connectrpc/connect";
import type { ContextValues, HandlerContext, Interceptor } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { RequestInfoSchema } from "../../gen/google/rpc/request_info_pb.ts";
import { errorDomain } from "../../lib/server/index.ts";
import type { UserErrorReason } from "./errors.ts";

/** The response header with the request's id, which support can ask for. */
const REQUEST_ID_HEADER = "x-request-id";

const requestIdKey = createContextKey("", { description: "id of the request" });

/** Told of every failure that is the server's own. */
export type ReportError = (error: unknown, requestId: string) => void;

/** What names every request and completes every error. */
export interface RequestInfo {
  /** Runs first: makes the id, sets the header, asks the gate, completes its refusal. */
  readonly requestGate: (context: HandlerContext) => Promise<void>;
  /** The outermost interceptor: completes the errors of those inside it and of handlers. */
  readonly interceptor: Interceptor;
}

/**
 * Gives each request an id, made here and never taken from the client, and
 * each error an `ErrorInfo` and a `RequestInfo` (AIP-193). What is not a
 * `ConnectError` is reported, and the client learns only that it is internal.
 */
export function createRequestInfo(
  gate: (context: HandlerContext) => Promise<void>,
  report: ReportError,
): RequestInfo {
  const completed = (reason: unknown, values: ContextValues) =>
    complete(reason, values.get(requestIdKey), report);
  return {
    async requestGate(context) {
      const requestId = randomUUID();
      context.values.set(requestIdKey, requestId);
      context.responseHeader.set(REQUEST_ID_HEADER, requestId);
      try {
        await gate(context);
      } catch (reason) {
        throw completed(reason, context.values);
      }
    },
    interceptor: (next) => async (request) => {
      try {
        const response = await next(request);
        if (!response.stream) return response;
        const message = completeStream(response.message, (reason) =>
          completed(reason, request.contextValues),
        );
        return { ...response, message };
      } catch (reason) {
        throw completed(reason, request.contextValues);
      }
    },
  };
}

async function* completeStream<T>(
  messages: AsyncIterable<T>,
  toError: (reason: unknown) => ConnectError,
): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (reason) {
    throw toError(reason);
  }
}

function complete(reason: unknown, requestId: string, report: ReportError): ConnectError {
  const error = toConnectError(reason);
  if (error.code === Code.Internal) report(error.cause ?? error, requestId);
  const details = error.details.filter((detail) => "desc" in detail);
  if (error.findDetails(ErrorInfoSchema).length === 0) {
    const info = { reason: reasonOf(error.code), domain: errorDomain };
    details.push({ desc: ErrorInfoSchema, value: info });
  }
  details.push({ desc: RequestInfoSchema, value: { requestId } });
  return new ConnectError(error.rawMessage, error.code, error.metadata, details, error.cause);
}

function toConnectError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return reason;
  // A signal's own reason: the caller has gone, and nobody reads this.
  if (reason instanceof Error && reason.name === "AbortError") return ConnectError.from(reason);
  const message = "The server failed. Try again; if it happens again, tell support the request id.";
  return new ConnectError(message, Code.Internal, undefined, undefined, reason);
}

function reasonOf(code: Code): UserErrorReason {
  return code === Code.Internal ? "INTERNAL" : "REQUEST_INVALID";
}

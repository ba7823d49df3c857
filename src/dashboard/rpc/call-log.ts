import { ConnectError, createContextKey } from "@connectrpc/connect";
import type {
  Interceptor,
  StreamRequest,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from "@connectrpc/connect";
import { createCallJournal, receivedAt } from "./call-journal.ts";
import type { CallJournal, CallRecord } from "./call-journal.ts";
import { beginAttempt } from "./call-attempt.ts";
import { codeOf, describeFailure } from "./failure.ts";
import { abandoned, tap } from "./tap.ts";

const MAX_MESSAGES = 50;

/** The last calls of this page. Credentials are never part of it. */
export interface CallLog extends Pick<CallJournal, "calls" | "reachable" | "clear" | "subscribe"> {
  /** Goes before the auth interceptor: sees what the caller sees. */
  readonly outer: Interceptor;
  /** Goes behind the auth interceptor: sees every attempt. */
  readonly inner: Interceptor;
}

const recordKey = createContextKey<CallRecord | undefined>(undefined);

/** An empty log. `now` is a clock in milliseconds. */
export function createCallLog(now: () => number = Date.now): CallLog {
  const journal = createCallJournal(now);
  return {
    ...journal,
    outer: (next) => async (request) => {
      const record = journal.begin(request.method, request.url);
      request.contextValues.set(recordKey, record);
      try {
        const response = await next(recordRequest(record, request));
        if (response.stream) return followStream(journal, record, response, request.signal);
        recordAnswer(journal, record, response);
        return response;
      } catch (reason) {
        recordFailure(journal, record, reason);
        throw reason;
      }
    },
    inner: (next) => async (request) => {
      const record = request.contextValues.get(recordKey);
      if (record === undefined) return next(request);
      const attempt = beginAttempt(journal, record, request.header);
      try {
        const response = await next(request);
        if (response.stream) {
          return { ...response, message: tap(response.message, () => undefined, attempt.end) };
        }
        attempt.end();
        return response;
      } catch (reason) {
        attempt.end(reason);
        throw reason;
      }
    },
  };
}

function recordAnswer(journal: CallJournal, record: CallRecord, response: UnaryResponse): void {
  record.header = [...response.header];
  record.trailer = [...response.trailer];
  record.responses.push(receivedAt(journal.now(), record.method, response.message));
  record.messageCount = 1;
  journal.end(record, "OK", true);
}

function recordFailure(journal: CallJournal, record: CallRecord, reason: unknown): void {
  const error = ConnectError.from(reason);
  record.error = error;
  record.trailer = [...error.metadata];
  const code = codeOf(error);
  const { kind } = describeFailure(reason);
  // A call that we gave up, or that got no token, says nothing about the service.
  const silent = code === "CANCELED" || kind === "issuer-unreachable";
  journal.end(record, code, silent ? undefined : kind !== "service-unreachable");
}

function followStream(
  journal: CallJournal,
  record: CallRecord,
  response: StreamResponse,
  signal: AbortSignal,
): StreamResponse {
  record.header = [...response.header];
  journal.changed();
  // Whoever leaves a stream aborts the call; the messages end nowhere then.
  signal.addEventListener("abort", () => {
    if (record.code === undefined) recordFailure(journal, record, abandoned());
  });
  const message = tap(
    response.message,
    (received) => {
      record.responses.push(receivedAt(journal.now(), record.method, received));
      if (record.responses.length > MAX_MESSAGES) record.responses.shift();
      record.messageCount += 1;
      journal.changed();
    },
    (reason) => {
      if (record.code !== undefined) return;
      record.trailer = [...response.trailer];
      if (reason === undefined) journal.end(record, "OK", true);
      else recordFailure(journal, record, reason);
    },
  );
  return { ...response, message };
}

/** The request as it is, with its message written down. */
function recordRequest(
  record: CallRecord,
  request: UnaryRequest | StreamRequest,
): UnaryRequest | StreamRequest {
  if (!request.stream) {
    record.request = request.message;
    return request;
  }
  const message = tap(request.message, (sent) => (record.request = sent));
  return { ...request, message };
}

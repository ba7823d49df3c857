import { Code, ConnectError, createContextKey } from "@connectrpc/connect";
import type {
  Interceptor,
  StreamRequest,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from "@connectrpc/connect";
import { createCallJournal } from "./call-journal.ts";
import type { Attempt, CallJournal, CallRecord } from "./call-journal.ts";
import { codeName, describeFailure } from "./failure.ts";

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
      const attempt: Attempt = { fromMs: now() - record.startedAt, toMs: undefined };
      record.attempts.push(attempt);
      try {
        return await next(request);
      } finally {
        attempt.toMs = now() - record.startedAt;
      }
    },
  };
}

function recordAnswer(journal: CallJournal, record: CallRecord, response: UnaryResponse): void {
  record.header = [...response.header];
  record.trailer = [...response.trailer];
  record.responses.push(response.message);
  record.messageCount = 1;
  journal.end(record, "OK", true);
}

function recordFailure(journal: CallJournal, record: CallRecord, reason: unknown): void {
  const error = ConnectError.from(reason);
  record.error = error;
  record.trailer = [...error.metadata];
  const code = codeName(error.code);
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
    if (record.code === undefined) recordFailure(journal, record, left());
  });
  const message = tap(
    response.message,
    (received) => {
      record.responses.push(received);
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

function left(): ConnectError {
  return new ConnectError("The page stopped listening.", Code.Canceled);
}

/** Passes everything on and tells what went by, and with what it ended. */
async function* tap<T>(
  source: AsyncIterable<T>,
  onItem: (item: T) => void,
  onEnd: (reason?: unknown) => void = () => undefined,
): AsyncIterable<T> {
  let ended = false;
  try {
    for await (const item of source) {
      onItem(item);
      yield item;
    }
    ended = true;
    onEnd();
  } catch (reason) {
    ended = true;
    onEnd(reason);
    throw reason;
  } finally {
    if (!ended) onEnd(left());
  }
}

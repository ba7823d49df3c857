import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMethod, Message } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";

const MAX_CALLS = 200;

/** One attempt on the wire, in milliseconds after the beginning of the call. */
export interface Attempt {
  readonly fromMs: number;
  /** Undefined while it runs; a stream runs until its last message. */
  toMs: number | undefined;
  /** How it ended, for example `UNAUTHENTICATED`. */
  code: string | undefined;
  /** What was sent beside the message; a credential is only named. */
  readonly header: readonly (readonly [string, string])[];
}

/** A message of an answer. */
export interface Received {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: Message;
}

/**
 * A message of an answer to `method`, kept as bytes until somebody looks at
 * it: the objects of two hundred lists are as large as the rest of the page.
 */
export function receivedAt(at: number, { output }: DescMethod, message: Message): Received {
  const bytes = toBinary(output, message);
  return {
    at,
    get message() {
      return fromBinary(output, bytes);
    },
  };
}

/** One call, as the caller saw it: all its attempts together. */
export interface CallRecord {
  readonly id: number;
  readonly method: DescMethod;
  readonly url: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly attempts: Attempt[];
  durationMs: number | undefined;
  /** `OK`, a code such as `UNAVAILABLE`, or undefined while it runs. */
  code: string | undefined;
  request: Message | undefined;
  /** The newest messages of the answer; `messageCount` counts all of them. */
  readonly responses: Received[];
  messageCount: number;
  header: readonly (readonly [string, string])[];
  trailer: readonly (readonly [string, string])[];
  error: ConnectError | undefined;
}

/** Keeps the newest records and tells who listens. */
export interface CallJournal {
  /** Milliseconds. */
  now(): number;
  begin(method: DescMethod, url: string): CallRecord;
  /** Tells the listeners that a record is different now. */
  changed(): void;
  /** `answered`: whether the service was there; undefined when that is not known. */
  end(record: CallRecord, code: string, answered: boolean | undefined): void;
  /** Newest first. The same array as long as nothing changes. */
  calls(): readonly CallRecord[];
  /** Whether the last call that ended got an answer; undefined before the first. */
  reachable(): boolean | undefined;
  clear(): void;
  subscribe(listener: () => void): () => void;
}

/** An empty journal. */
export function createCallJournal(now: () => number): CallJournal {
  let calls: readonly CallRecord[] = [];
  let reachable: boolean | undefined;
  let nextId = 1;
  const listeners = new Set<() => void>();
  const replace = (next: readonly CallRecord[]) => {
    calls = next.slice(0, MAX_CALLS);
    for (const listener of listeners) listener();
  };
  return {
    now,
    begin(method, url) {
      const record = newRecord(nextId++, method, url, now());
      replace([record, ...calls]);
      return record;
    },
    changed: () => replace(calls),
    end(record, code, answered) {
      record.durationMs = now() - record.startedAt;
      record.code = code;
      closeAttempts(record, code);
      reachable = answered ?? reachable;
      replace(calls);
    },
    calls: () => calls,
    reachable: () => reachable,
    clear: () => replace([]),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Whoever leaves a stream does not wait for its end: nobody else closes the attempt then. */
function closeAttempts(record: CallRecord, code: string): void {
  for (const attempt of record.attempts) {
    attempt.toMs ??= record.durationMs;
    attempt.code ??= code;
  }
}

function newRecord(id: number, method: DescMethod, url: string, startedAt: number): CallRecord {
  return {
    id,
    method,
    url,
    startedAt,
    attempts: [],
    durationMs: undefined,
    code: undefined,
    request: undefined,
    responses: [],
    messageCount: 0,
    header: [],
    trailer: [],
    error: undefined,
  };
}

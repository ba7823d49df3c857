import { Code, ConnectError } from "@connectrpc/connect";
import { AuthError } from "./auth-error.ts";
import { toCallError } from "./call-error.ts";
import { delayUntilAttemptMs, rememberFailure } from "./failure.ts";
import type { Failure } from "./failure.ts";
import { linkSignals } from "./link-signals.ts";
import type { Clock, Random, Wake } from "./ports.ts";
import { systemClock, systemRandom } from "./system.ts";
import type { TokenSource } from "./token-source.ts";
import { asError, raceSignals, sleep } from "./wait.ts";

const passingCodes: ReadonlySet<Code> = new Set([
  // The token of a stream expires while it runs: the next attempt brings a new one.
  Code.Unauthenticated,
  Code.Unavailable,
  Code.DeadlineExceeded,
  Code.Aborted,
  Code.ResourceExhausted,
  Code.Internal,
  // Connect reports a broken network as UNKNOWN (connect-es #715).
  Code.Unknown,
  // Nobody here has left: a server or a proxy that restarts resets its streams.
  Code.Canceled,
]);

const lastingMs = 1_000;
// A server that ends a stream in order, or because its token has expired, has served it.
const servedSilentlyMs = 5_000;
const greatestPauseMs = 30_000;

/** Whether messages can come: `connecting` until the first one, `waiting` between attempts. */
export type StreamState = "connecting" | "live" | "waiting";

/** Options of {@link resumeStream}. */
export interface ResumeStreamOptions<Message, Cursor> {
  /**
   * Opens the stream behind `cursor`, or from the start. Pass the signal on to
   * the call: without it the request goes on after the stream was left.
   */
  readonly open: (
    cursor: Cursor | undefined,
    options: { readonly signal: AbortSignal },
  ) => AsyncIterable<Message>;
  /** The cursor of a message, or `undefined` for one that has none, such as a heartbeat. */
  readonly cursorOf: (message: Message) => Cursor | undefined;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
  /**
   * Whose stream it is: the source of the auth interceptor. The stream fails with
   * its session, also between attempts, and nobody else's token carries it on.
   */
  readonly tokenSource?: TokenSource;
  readonly onState?: (state: StreamState) => void;
  /** Ends a wait early when the page wakes or the network returns. */
  readonly wake?: Wake;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * One endless stream out of server streams that end: when the server ends one,
 * because its token expired or it restarts, or the network breaks, the next is
 * opened behind the last cursor. Attempts that break off within a second of their
 * first message, or early without one, are spaced by a growing, jittered delay: at
 * most 30 seconds from the beginning of one to that of the next, unless the issuer
 * has named a time (`Retry-After`). Early is within 5 seconds for a stream that the
 * server ends or whose token expires, else within 30.
 * Throws what cannot be helped by another attempt, such as NOT_FOUND,
 * PERMISSION_DENIED, or UNAUTHENTICATED for lack of a person, also when the session
 * of `tokenSource` ends; ends without an error when `signal` aborts or the loop is left.
 */
export async function* resumeStream<Message, Cursor>(
  options: ResumeStreamOptions<Message, Cursor>,
): AsyncGenerator<Message> {
  const { clock = systemClock, random = systemRandom, tokenSource } = options;
  const { cursorOf, onState, signal } = options;
  let ended = tokenSource?.ended;
  let cursor: Cursor | undefined;
  let failure: Failure | undefined;
  while (!isAborted(signal)) {
    onState?.("connecting");
    const openedAt = clock.now();
    let lastsAt = openedAt + greatestPauseMs;
    let reason: unknown;
    for await (const message of openOnce(options, cursor, (error) => (reason = error))) {
      lastsAt = Math.min(lastsAt, clock.now() + lastingMs);
      cursor = cursorOf(message) ?? cursor;
      onState?.("live");
      yield message;
    }
    if (isAborted(signal)) return;
    // A session that was loading had nothing yet that could end.
    ended ??= tokenSource?.ended;
    if (isAborted(ended)) throw toCallError(ended?.reason);
    const error = toFailure(reason);
    const now = clock.now();
    if (isExpiry(reason)) lastsAt = Math.min(lastsAt, openedAt + servedSilentlyMs);
    const lasted = now >= lastsAt;
    if (lasted) failure = undefined;
    const first = failure === undefined;
    // The time that an attempt took is part of its pause, as between connections of gRPC
    // (grpc/grpc doc/connection-backoff.md): one that hangs must not cost that time twice.
    failure = rememberFailure(error, failure, lasted ? now : openedAt, random);
    if (first && isExpiry(reason)) continue;
    onState?.("waiting");
    await pause(options, delayUntilAttemptMs(failure, now, greatestPauseMs), ended);
  }
}

// Leaving the loop must end the request too; connect does not do that by itself. Only what
// the stream throws is caught: what the caller's own functions throw is not helped by another.
async function* openOnce<Message, Cursor>(
  { open, signal }: ResumeStreamOptions<Message, Cursor>,
  cursor: Cursor | undefined,
  onBroken: (reason: unknown) => void,
): AsyncGenerator<Message> {
  const controller = new AbortController();
  const linked = linkSignals(controller.signal, signal);
  try {
    for await (const message of open(cursor, linked)) yield message;
  } catch (error) {
    onBroken(error);
  } finally {
    controller.abort();
  }
}

async function pause<Message, Cursor>(
  options: ResumeStreamOptions<Message, Cursor>,
  delayMs: number,
  ended: AbortSignal | undefined,
): Promise<void> {
  const { done, interrupt } = sleep(options.clock ?? systemClock, delayMs);
  const stop = options.wake?.subscribe(interrupt);
  try {
    await raceSignals(done, options.signal, ended);
  } catch (error) {
    if (!isAborted(options.signal)) throw toCallError(error);
  } finally {
    stop?.();
    interrupt();
  }
}

/** The failure as one that is remembered; throws what another attempt cannot help. */
function toFailure(reason: unknown): AuthError {
  if (reason === undefined) return new AuthError("unavailable", "The server ended the stream.");
  const error = ConnectError.from(reason);
  const cause = AuthError.find(error);
  // A token that was refused may have expired, or be newer than the keys of the server.
  const refused = cause?.code === "misconfigured" && error.code === Code.Unauthenticated;
  const helped = cause === undefined ? passingCodes.has(error.code) : cause.code === "unavailable";
  if (!helped && !refused) throw asError(reason);
  return cause ?? new AuthError("unavailable", "The stream broke.", { cause: error });
}

function isExpiry(reason: unknown): boolean {
  return reason === undefined || ConnectError.from(reason).code === Code.Unauthenticated;
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

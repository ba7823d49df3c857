import type { Interceptor, StreamRequest } from "@connectrpc/connect";
import type { Clock } from "../core/ports.ts";
import { raceSignals } from "../core/wait.ts";
import type { Principal } from "./principal.ts";

// Timers of Node end at once when their delay exceeds 2^31 - 1 ms.
const longestDelayMs = 24 * 60 * 60_000;

/** What ends a stream. */
export interface ExpiringStreamOptions {
  readonly clock: Clock;
  readonly skewMs: number;
  readonly principalOf: (request: StreamRequest) => Principal | undefined;
  /** The error that the client is told when the token of its stream expires. */
  readonly expired: () => Error;
}

/**
 * An interceptor for a server that ends a stream when its token expires plus
 * the skew: the handler's signal aborts, and the client is told why, whether
 * the handler heeds its signal or not.
 */
export function createExpiringStream(options: ExpiringStreamOptions): Interceptor {
  return (next) => (request) => {
    const principal = request.stream ? options.principalOf(request) : undefined;
    if (!request.stream || principal === undefined) return next(request);
    return endAtExpiry(options, principal, next, request);
  };
}

async function endAtExpiry(
  { clock, skewMs, expired }: ExpiringStreamOptions,
  { expiresAt }: Principal,
  next: Parameters<Interceptor>[0],
  request: StreamRequest,
): ReturnType<typeof next> {
  const ended = new AbortController();
  const stop = callAt(clock, expiresAt + skewMs, () => ended.abort(expired()));
  request.signal.addEventListener("abort", stop, { once: true });
  const signal = AbortSignal.any([request.signal, ended.signal]);
  try {
    const response = await raceSignals(next({ ...request, signal }), ended.signal);
    if (!response.stream) return response;
    return { ...response, message: endWith(response.message, ended.signal, stop) };
  } catch (reason) {
    stop();
    throw reason;
  }
}

function callAt(clock: Clock, at: number, callback: () => void): () => void {
  let cancel: () => void;
  function wait(): void {
    const leftMs = at - clock.now();
    if (leftMs <= 0) callback();
    else cancel = clock.after(Math.min(leftMs, longestDelayMs), wait);
  }
  cancel = () => {};
  wait();
  return () => cancel();
}

/** The elements of `source`, until `signal` aborts: then its reason is thrown. */
function endWith<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
  stop: () => void,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const inner = source[Symbol.asyncIterator]();
      async function settle(result: Promise<IteratorResult<T>>): Promise<IteratorResult<T>> {
        const settled = await raceSignals(result, signal).catch((reason: unknown) => {
          stop();
          throw reason;
        });
        if (settled.done === true) stop();
        return settled;
      }
      return {
        next: () => settle(inner.next()),
        async return(value?: unknown) {
          stop();
          return (await inner.return?.(value)) ?? { done: true, value };
        },
        async throw(reason?: unknown) {
          stop();
          if (inner.throw === undefined) throw reason;
          return await inner.throw(reason);
        },
      };
    },
  };
}

import type { StreamRequest, StreamResponse, UnaryRequest } from "@connectrpc/connect";
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";

/** Makes the request of each attempt out of the caller's one. */
export interface Replay {
  /** Whether there can be a second attempt. */
  readonly possible: boolean;
  request(header: Headers, signal: AbortSignal): Promise<UnaryRequest | StreamRequest>;
}

/**
 * A unary request can be sent again as it is. The message of a server stream is
 * a one-shot iterable, so it is read once and kept. What a client streams cannot
 * be kept, so such a call has one attempt.
 */
export function createReplay(request: UnaryRequest | StreamRequest): Replay {
  const { methodKind } = request.method;
  const possible = methodKind === "unary" || methodKind === "server_streaming";
  let kept: Promise<MessageShape<DescMessage>[]> | undefined;
  return {
    possible,
    async request(header, signal) {
      if (!request.stream || !possible) return { ...request, header, signal };
      kept ??= collect(request.message);
      return { ...request, header, signal, message: iterate(await kept) };
    },
  };
}

/**
 * Waits for the first message, because a server may send its status only in the
 * body: a stream is answered when it has answered something.
 */
export async function peek(
  response: StreamResponse,
  asError: (reason: unknown) => Error,
): Promise<StreamResponse> {
  const iterator = response.message[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* rest(): AsyncGenerator<MessageShape<DescMessage>> {
    try {
      for (let item = first; item.done !== true; item = await iterator.next()) yield item.value;
    } catch (reason) {
      throw asError(reason);
    }
  }
  return { ...response, message: rest() };
}

async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

async function* iterate<T>(messages: readonly T[]): AsyncGenerator<T> {
  yield* messages;
}

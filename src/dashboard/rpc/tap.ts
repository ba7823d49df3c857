import { Code, ConnectError } from "@connectrpc/connect";

/** With what a stream ends whose reader has gone. */
export function abandoned(): ConnectError {
  return new ConnectError("The page stopped listening.", Code.Canceled);
}

/** Passes everything on and tells what went by, and with what it ended; without a reason, well. */
export async function* tap<T>(
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
    if (!ended) onEnd(abandoned());
  }
}

import type { Channel, ChannelMessage } from "../core/ports.ts";

/**
 * Announcements between all tabs of one origin, on BroadcastChannel. Without
 * it (or where it is forbidden) nothing is announced: the store is still read
 * before each renewal, so that tabs agree, only later.
 */
export function createBroadcastChannel(name: string): Channel {
  const listeners = new Set<(message: ChannelMessage) => void>();
  let channel = open(name);
  channel?.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = event.data;
    if (!isMessage(message)) return;
    for (const listener of listeners) listener(message);
  });
  return {
    post(message) {
      try {
        channel?.postMessage(message);
      } catch {
        // The page is going away; its other tabs learn it from the store.
        channel = undefined;
      }
    },
    subscribe(listener) {
      // A wrapper, so that the same function may subscribe twice.
      const own = (message: ChannelMessage) => listener(message);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    close() {
      listeners.clear();
      channel?.close();
      channel = undefined;
    },
  };
}

function open(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}

/** Only the shape: which schemas and types are known is for the receiver to say. */
function isMessage(value: unknown): value is ChannelMessage {
  return (
    typeof value === "object" &&
    value !== null &&
    "schema" in value &&
    typeof value.schema === "number" &&
    "session" in value &&
    typeof value.session === "string" &&
    "type" in value &&
    typeof value.type === "string"
  );
}

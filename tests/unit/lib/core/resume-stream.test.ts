import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { AuthError, resumeStream } from "../../../../src/lib/core/index.ts";
import type {
  ResumeStreamOptions,
  StreamState,
  TokenSource,
} from "../../../../src/lib/core/index.ts";
import { createVirtualClock } from "../../../support/virtual-clock.ts";

type Step = number | Error | "end" | "stay";

/** A stream whose every opening plays the next script. */
function setUp(...scripts: Step[][]) {
  return setUpWith({}, ...scripts);
}

/** The same with options of its own. */
function setUpWith(own: Partial<ResumeStreamOptions<number, number>>, ...scripts: Step[][]) {
  const clock = createVirtualClock();
  const opened: (number | undefined)[] = [];
  const states: StreamState[] = [];
  const signals: AbortSignal[] = [];
  const controller = new AbortController();
  async function* open(cursor: number | undefined, { signal }: { readonly signal: AbortSignal }) {
    opened.push(cursor);
    signals.push(signal);
    for (const step of scripts[opened.length - 1] ?? ["stay" as const]) {
      if (step === "end") return;
      if (step instanceof Error) throw step;
      if (step === "stay") {
        await new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason)),
        );
      } else yield step;
    }
  }
  const stream = resumeStream<number, number>({
    open,
    cursorOf: (message) => (message < 0 ? undefined : message),
    signal: controller.signal,
    onState: (state) => void states.push(state),
    clock,
    random: () => 0.5,
    ...own,
  });
  const seen: number[] = [];
  const done = (async () => {
    for await (const message of stream) seen.push(message);
  })();
  done.catch(() => undefined);
  return { clock, opened, states, signals, seen, done, controller };
}

/** A session that can end, and that another one follows. */
function createSession() {
  let controller: AbortController | undefined;
  const tokenSource: TokenSource = {
    getToken: () => Promise.reject(new Error("never asked")),
    get ended() {
      return controller?.signal;
    },
  };
  return {
    tokenSource,
    begin: () => void (controller = new AbortController()),
    end() {
      const old = controller;
      controller = new AbortController();
      old?.abort(new AuthError("signed-out", "Another person signed in."));
    },
  };
}

const gone = () => new ConnectError("gone", Code.Unavailable);
const expired = () => new ConnectError("expired", Code.Unauthenticated);

describe("resumeStream", () => {
  it("goes on behind the last cursor when the token of the stream expires", async () => {
    const { clock, opened, seen, states } = setUp([1, 2, expired()], [3, "stay"]);
    await clock.advance(0);
    expect(opened).toEqual([undefined, 2]);
    expect(seen).toEqual([1, 2, 3]);
    expect(states).toEqual(["connecting", "live", "live", "connecting", "live"]);
  });

  it("keeps its cursor over messages that have none", async () => {
    const { clock, opened } = setUp([5, -1, "end"]);
    await clock.advance(0);
    expect(opened).toEqual([undefined, 5]);
  });

  it("spaces attempts that bring nothing", async () => {
    const { clock, opened } = setUp([gone()], [gone()], [gone()], [gone()], [gone()]);
    await clock.advance(0);
    expect(opened).toHaveLength(1);
    await clock.advance(1_000);
    expect(opened).toHaveLength(2);
    await clock.advance(1_000);
    expect(opened).toHaveLength(2);
    await clock.advance(600);
    expect(opened).toHaveLength(3);
  });

  it("does not hammer a server that refuses every new token", async () => {
    const { clock, opened } = setUp(...Array.from({ length: 50 }, () => [expired()]));
    await clock.advance(10_000);
    expect(opened.length).toBeLessThan(8);
  });

  it("does not hammer a server that ends every stream behind its first message", async () => {
    const { clock, opened } = setUp(...Array.from({ length: 50 }, () => [1, "end" as const]));
    await clock.advance(10_000);
    expect(opened.length).toBeLessThan(8);
  });

  it("treats a broken network as passing", async () => {
    const { clock, seen } = setUp([1, new TypeError("network error")], [2]);
    await clock.advance(2_000);
    expect(seen).toEqual([1, 2]);
  });

  it.each([
    ["NOT_FOUND", new ConnectError("none", Code.NotFound)],
    ["PERMISSION_DENIED", new ConnectError("no", Code.PermissionDenied)],
    [
      "FAILED_PRECONDITION, when the issuer refuses the client",
      new ConnectError(
        "no",
        Code.FailedPrecondition,
        undefined,
        undefined,
        new AuthError("misconfigured", "x"),
      ),
    ],
    [
      "UNAUTHENTICATED for lack of a person",
      new ConnectError(
        "over",
        Code.Unauthenticated,
        undefined,
        undefined,
        new AuthError("interaction-required", "x"),
      ),
    ],
  ])("throws %s, which another attempt cannot help", async (_, error) => {
    const { done } = setUp([1, error]);
    await expect(done).rejects.toBe(error);
  });

  it("ends without an error when the signal aborts, and ends the request", async () => {
    const { clock, done, controller, signals } = setUp([1, "stay"]);
    await clock.advance(0);
    controller.abort();
    await expect(done).resolves.toBeUndefined();
    expect(signals[0]?.aborted).toBe(true);
  });

  it("ends a wait when the signal aborts", async () => {
    const { clock, done, controller } = setUp([new ConnectError("gone", Code.Unavailable)]);
    await clock.advance(0);
    controller.abort();
    await expect(done).resolves.toBeUndefined();
    expect(clock.pending()).toBe(0);
  });

  it("ends a wait at once when its session ends, and carries nobody else's token", async () => {
    const { begin, end, tokenSource } = createSession();
    begin();
    const { clock, done, opened } = setUpWith({ tokenSource }, [1, gone()], [2]);
    await clock.advance(100);
    end();
    await expect(done).rejects.toMatchObject({
      code: Code.Unauthenticated,
      cause: { code: "signed-out" },
    });
    await clock.advance(60_000);
    expect(opened).toEqual([undefined]);
    expect(clock.pending()).toBe(0);
  });

  it("opens no other stream for a caller that was busy when its session ended", async () => {
    const { begin, end, tokenSource } = createSession();
    begin();
    let opened = 0;
    const stream = resumeStream<number, number>({
      async *open() {
        yield ++opened;
      },
      cursorOf: (message) => message,
      tokenSource,
    });
    await stream.next();
    end();
    await expect(stream.next()).rejects.toMatchObject({ cause: { code: "signed-out" } });
    expect(opened).toBe(1);
  });

  it("belongs to the session that was loading when it began", async () => {
    const { begin, end, tokenSource } = createSession();
    const { clock, done, opened } = setUpWith({ tokenSource }, [gone()], [2]);
    begin();
    await clock.advance(100);
    end();
    await expect(done).rejects.toMatchObject({ cause: { code: "signed-out" } });
    expect(opened).toHaveLength(1);
  });

  it("goes on after a refused token, which may have expired before its first message", async () => {
    const error = new AuthError("misconfigured", "The API refuses new tokens.");
    const refused = new ConnectError("no", Code.Unauthenticated, undefined, undefined, error);
    const { clock, seen } = setUp([refused], [1]);
    await clock.advance(0);
    expect(seen).toEqual([1]);
  });

  it("goes on after a reset by the server, whose code is the one of a caller that left", async () => {
    const { clock, seen } = setUp([1, new ConnectError("reset", Code.Canceled)], [2]);
    await clock.advance(1_000);
    expect(seen).toEqual([1, 2]);
  });

  it("opens nothing that goes on when its caller leaves while it is told of the attempt", async () => {
    const controller = new AbortController();
    const signals: boolean[] = [];
    const stream = resumeStream<number, number>({
      async *open(_, { signal }) {
        signals.push(signal.aborted);
        signal.throwIfAborted();
        yield 1;
      },
      cursorOf: (message) => message,
      signal: controller.signal,
      onState: () => controller.abort(),
    });
    await expect(stream.next()).resolves.toEqual({ done: true, value: undefined });
    expect(signals).toEqual([true]);
  });

  it("throws what its caller's own functions throw, and loses no message over it", async () => {
    const mistake = new TypeError("cursorOf is wrong");
    const cursorOf = () => {
      throw mistake;
    };
    const { done, opened } = setUpWith({ cursorOf }, [1], [2]);
    await expect(done).rejects.toBe(mistake);
    expect(opened).toHaveLength(1);
  });

  it("ends the request when the loop is left", async () => {
    let signal: AbortSignal | undefined;
    const stream = resumeStream<number, number>({
      async *open(_, options) {
        signal = options.signal;
        yield 1;
        yield 2;
      },
      cursorOf: (message) => message,
    });
    for await (const message of stream) if (message === 1) break;
    expect(signal?.aborted).toBe(true);
  });
});

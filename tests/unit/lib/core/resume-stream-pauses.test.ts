import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { resumeStream } from "../../../../src/lib/core/index.ts";
import { createVirtualClock } from "../../../support/virtual-clock.ts";

/** Streams that carry nothing: each opening breaks off, or ends, after so many milliseconds. */
function setUpSilent(...openings: (readonly [number, Error | undefined])[]) {
  const clock = createVirtualClock();
  const openedAt: number[] = [];
  async function next(): Promise<IteratorResult<never>> {
    const [lastsMs, error] = openings[openedAt.push(clock.now()) - 1] ?? [1e9, undefined];
    await new Promise<void>((resolve) => void clock.after(lastsMs, resolve));
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }
  const stream = resumeStream({
    open: () => ({ [Symbol.asyncIterator]: () => ({ next }) }),
    cursorOf: () => undefined,
    clock,
    random: () => 0.5,
  });
  void stream.next();
  return { clock, openedAt };
}

/** Between one opening and the next, in seconds. */
function gaps(openedAt: readonly number[]): number[] {
  return openedAt.slice(1).map((at, index) => Math.round((at - (openedAt[index] ?? 0)) / 100) / 10);
}

const gone = () => new ConnectError("gone", Code.Unavailable);
const expired = () => new ConnectError("expired", Code.Unauthenticated);

describe("the pauses of resumeStream", () => {
  it("counts a pause from the beginning of the attempt, so one that hangs waits no longer", async () => {
    const { clock, openedAt } = setUpSilent(
      ...Array.from({ length: 9 }, () => [8_000, gone()] as const),
    );
    await clock.advance(120_000);
    // 1, 1.6, 2.6, 4.1 and 6.6 s are over when it breaks off; 10.5, 16.8 and 26.8 are not.
    expect(gaps(openedAt)).toEqual([8, 8, 8, 8, 8, 10.5, 16.8, 26.8]);
  });

  it("tries at least every 30 seconds, however long nothing helps", async () => {
    const { clock, openedAt } = setUpSilent(
      ...Array.from({ length: 30 }, () => [0, gone()] as const),
    );
    await clock.advance(600_000);
    expect(gaps(openedAt).slice(-10)).toEqual(Array.from({ length: 10 }, () => 30));
  });

  it("opens a stream at once that was silent until its token expired, whatever was before", async () => {
    const outage = Array.from({ length: 12 }, () => [0, gone()] as const);
    const silent = [6_000, expired()] as const;
    const { clock, openedAt } = setUpSilent(...outage, silent, silent, [6_000, undefined]);
    await clock.advance(600_000);
    expect(gaps(openedAt).slice(-3)).toEqual([6, 6, 6]);
  });
});

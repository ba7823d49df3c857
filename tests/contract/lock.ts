import { expect, test, vi } from "vitest";
import type { Lock } from "../../src/lib/core/ports.ts";
import { createDeferred } from "../support/deferred.ts";
import type { ManualClock } from "../support/server/manual-clock.ts";
import { waitFor } from "../support/wait-for.ts";

/** Two views of one lock, as two tabs have them, and their clock. */
export type CreateLocks = () => {
  readonly here: Lock;
  readonly there: Lock;
  readonly clock: ManualClock;
};

const limits = { acquireTimeoutMs: 5_000 };
let names = 0;
const newName = () => `lock-${process.pid}-${names++}`;

/**
 * What every Lock promises. Call it inside a `describe`. `held`: what a task
 * hears that had the lock; false only for a lock that cannot reach other tabs.
 */
export function lockContract(create: CreateLocks, held = true): void {
  test("runs the task and returns its outcome", async () => {
    const { here } = create();
    expect(await here.run(newName(), limits, (had) => Promise.resolve(["done", had]))).toEqual([
      "done",
      held,
    ]);
  });

  test("passes on the error of the task, also an AbortError of its own", async () => {
    const { here } = create();
    const name = newName();
    const error = new DOMException("mine", "AbortError");
    let runs = 0;
    const failing = here.run(name, limits, () => {
      runs += 1;
      return Promise.reject(error);
    });
    await expect(failing).rejects.toBe(error);
    expect(runs).toBe(1);
    expect(await here.run(name, limits, () => Promise.resolve("free again"))).toBe("free again");
  });

  test("lets one task run at a time, in the order of asking", async () => {
    const { here, there } = create();
    const name = newName();
    const log: string[] = [];
    const task = (who: string) => async () => {
      log.push(`${who} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${who} ends`);
    };
    await Promise.all([
      here.run(name, limits, task("a")),
      there.run(name, limits, task("b")),
      here.run(name, limits, task("c")),
    ]);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  test("keeps locks of other names apart", async () => {
    const { here, there } = create();
    const outcome = await here.run(newName(), limits, () =>
      there.run(newName(), limits, () => Promise.resolve("both")),
    );
    expect(outcome).toBe("both");
  });

  test("goes on without the lock after the time, and takes it from nobody", async () => {
    const { here, there, clock } = create();
    const name = newName();
    const holder = createTask();
    const holding = here.run(name, limits, holder.run);
    await holder.begun;
    const waiting = there.run(name, limits, (had) => Promise.resolve(had));
    await waitFor(() => expect(clock.timers).toBe(1));
    clock.advance(5_000);
    expect(await waiting).toBe(false);
    holder.end();
    expect(await holding).toBe(held);
    expect(await there.run(name, limits, (had) => Promise.resolve(had))).toBe(held);
  });

  test("does not run the task when the signal aborts first", async () => {
    const { here, there } = create();
    const name = newName();
    const holder = createTask();
    const holding = here.run(name, limits, holder.run);
    await holder.begun;
    const controller = new AbortController();
    const task = vi.fn(() => Promise.resolve());
    const waiting = there.run(name, { ...limits, signal: controller.signal }, task);
    const reason = new Error("signed out");
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    holder.end();
    await holding;
    await there.run(name, limits, () => Promise.resolve());
    expect(task).not.toHaveBeenCalled();
  });

  test("does not run the task when the signal has aborted before", async () => {
    const { here } = create();
    const reason = new Error("signed out");
    const task = vi.fn(() => Promise.resolve());
    const signal = AbortSignal.abort(reason);
    await expect(here.run(newName(), { ...limits, signal }, task)).rejects.toBe(reason);
    expect(task).not.toHaveBeenCalled();
  });

  test("leaves a task alone that has begun, whatever the signal and the clock do", async () => {
    const { here, clock } = create();
    const controller = new AbortController();
    const holder = createTask();
    const holding = here.run(newName(), { ...limits, signal: controller.signal }, holder.run);
    await holder.begun;
    controller.abort(new Error("too late"));
    clock.advance(60_000);
    holder.end();
    expect(await holding).toBe(held);
    expect(clock.timers).toBe(0);
  });
}

function createTask() {
  const begun = createDeferred();
  const ended = createDeferred();
  return {
    begun: begun.promise,
    end: () => ended.resolve(),
    run: async (held: boolean) => {
      begun.resolve();
      await ended.promise;
      return held;
    },
  };
}

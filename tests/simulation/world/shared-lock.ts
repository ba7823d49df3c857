import type { Lock } from "../../../src/lib/core/ports.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tab } from "./tab.ts";

interface Waiter {
  readonly tab: Tab;
  /** Runs in the tab, when it is not frozen. */
  readonly start: () => void;
  readonly askedAt: number;
  granted: boolean;
}

/**
 * One lock between all tabs: first come, first served; a tab that dies lets go, a
 * tab that is frozen does not, also when it is granted the lock while frozen.
 */
export class SharedLock {
  readonly #scheduler: Scheduler;
  readonly #holdTimeoutMs: number;
  #queue: Waiter[] = [];
  /** How many run without the lock because its holder stalled past the bound. */
  excused = 0;
  /** Whether that ever happened in this run. */
  everExcused = false;

  constructor(scheduler: Scheduler, holdTimeoutMs: number) {
    this.#scheduler = scheduler;
    this.#holdTimeoutMs = holdTimeoutMs;
  }

  /** The lock as one tab has it; `absent` makes it a mutex of that tab alone. */
  port(tab: Tab, absent: boolean): Lock {
    // Without Web Locks the queue of the page is its own.
    const lock = absent ? new SharedLock(this.#scheduler, this.#holdTimeoutMs) : this;
    return {
      run: (_name, { acquireTimeoutMs, signal }, task) => {
        if (signal?.aborted === true) return Promise.reject(asError(signal.reason));
        return new Promise((resolve, reject) => {
          const leave = lock.#enter(tab, acquireTimeoutMs, (held, done) => {
            signal?.removeEventListener("abort", abort);
            task(held && !absent)
              .finally(done)
              .then(resolve, reject);
          });
          const abort = () => {
            if (leave()) reject(asError(signal?.reason));
          };
          signal?.addEventListener("abort", abort, { once: true });
        });
      },
    };
  }

  /** A tab has died. */
  forget(tab: Tab): void {
    const [head] = this.#queue;
    this.#queue = this.#queue.filter((waiter) => waiter.tab !== tab);
    if (head?.tab === tab) this.#grant();
  }

  #enter(
    tab: Tab,
    acquireTimeoutMs: number,
    run: (held: boolean, done: () => void) => void,
  ): () => boolean {
    const stopTimer = tab.after(acquireTimeoutMs, () => {
      const holder = this.#queue[0];
      if (!leave()) return;
      const excused = holder !== undefined && this.#hasStalled(holder);
      if (excused) {
        this.excused++;
        this.everExcused = true;
      }
      run(false, () => {
        if (excused) this.excused--;
      });
    });
    const waiter: Waiter = {
      tab,
      askedAt: this.#scheduler.now,
      granted: false,
      start: () => {
        stopTimer();
        run(true, () => this.#release(waiter));
      },
    };
    const leave = (): boolean => {
      if (waiter.granted || !this.#queue.includes(waiter)) return false;
      stopTimer();
      this.#queue = this.#queue.filter((other) => other !== waiter);
      return true;
    };
    this.#queue.push(waiter);
    this.#grant();
    return leave;
  }

  #release(waiter: Waiter): void {
    if (this.#queue[0] !== waiter) return;
    this.#queue.shift();
    this.#grant();
  }

  #grant(): void {
    const [head] = this.#queue;
    if (head === undefined || head.granted) return;
    head.granted = true;
    this.#scheduler.after(0, head.start, head.tab);
  }

  // A renewal's bound begins when it asks for the lock.
  #hasStalled({ tab, askedAt }: Waiter): boolean {
    const stalled = tab.frozenUntil > askedAt;
    return stalled && this.#scheduler.now - askedAt > this.#holdTimeoutMs;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error("aborted", { cause: reason });
}

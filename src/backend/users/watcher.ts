/** One watch: what it has told, and whether it has more to tell. */
export interface Watcher {
  readonly userId: string;
  readonly principal: string;
  /** The version that was told last; 0 before the first. */
  version: number;
  /** When something was told last, in the milliseconds of the timers. */
  toldAt: number;
  /** There is news; several are one until it is asked for. */
  wake(): void;
  /** Ends the watch: `news` rejects with this, now or when it is asked next. */
  fail(reason: unknown): void;
  /** Resolves when there is news. */
  news(): Promise<void>;
}

/** A watcher that has told nothing yet. */
export function createWatcher(userId: string, principal: string): Watcher {
  let hasNews = false;
  let failure: { reason: unknown } | undefined;
  let wakeUp = () => {};
  return {
    userId,
    principal,
    version: 0,
    toldAt: 0,
    wake() {
      hasNews = true;
      wakeUp();
    },
    fail(reason) {
      failure ??= { reason };
      wakeUp();
    },
    async news() {
      if (!hasNews && !failure) await new Promise<void>((resolve) => (wakeUp = resolve));
      if (failure) throw failure.reason;
      hasNews = false;
    },
  };
}

/** A lock that all tabs of this origin share and that is never waited for. */
export interface SlotLock {
  /** Takes `name` if nobody has it. Returns a function that gives it back. */
  tryHold(name: string): Promise<(() => void) | undefined>;
}

/** The right to hold an open stream. */
export interface StreamSlots {
  /** A free slot, as a function that gives it back; `undefined` when all are taken. */
  acquire(): Promise<(() => void) | undefined>;
}

/**
 * How many streams all tabs of one session may hold. Over HTTP/1.1 a browser
 * has six connections per origin for all its tabs together: two stay free for
 * calls.
 */
export const MAX_STREAMS = 4;

/** Slots named `name`, shared through `lock` by every tab that uses the same name. */
export function createStreamSlots(options: {
  readonly lock: SlotLock;
  readonly name: string;
  readonly count?: number;
}): StreamSlots {
  const { lock, name, count = MAX_STREAMS } = options;
  return {
    async acquire() {
      for (let slot = 0; slot < count; slot++) {
        const release = await lock.tryHold(`${name}:${String(slot)}`);
        if (release !== undefined) return release;
      }
      return undefined;
    },
  };
}

/**
 * Slots over the Web Locks of the page. A browser frees them by itself when a
 * tab goes. Where there are none, nobody can count the streams of other tabs:
 * no slot is ever free then.
 */
export function createWebSlotLock(locks: LockManager | undefined): SlotLock {
  return {
    tryHold: (name) =>
      new Promise((resolve) => {
        if (locks === undefined) return resolve(undefined);
        const request = locks.request(name, { ifAvailable: true }, (lock) => {
          if (lock === null) return resolve(undefined);
          return new Promise<void>((release) => resolve(release));
        });
        request.catch(() => resolve(undefined));
      }),
  };
}

import { loadPeer } from "./peers.ts";

/** The part of @sinonjs/fake-timers that is used. */
interface FakeClock {
  readonly now: number;
  countTimers(): number;
  next(): number;
  setSystemTime(now: number): void;
  uninstall(): void;
}
interface FakeTimers {
  install(config: { readonly now: number; readonly toFake: readonly string[] }): FakeClock;
}

/** Time that passes only when it is told to, for every library in this process. */
export interface VirtualTime {
  /** Lets time pass until the promise settles. */
  drive<T>(promise: Promise<T>): Promise<T>;
  /** Lets time pass until then. */
  runUntil(at: number): Promise<void>;
  /**
   * The machine sleeps: the wall clock goes on, timers stand still, as on
   * Linux and macOS, where the clock of timers stops with the machine.
   */
  sleep(durationMs: number): void;
  uninstall(): void;
}

const realImmediate = setImmediate;

/** Replaces `Date` and the timers of this process. */
export async function installVirtualTime(startMs: number): Promise<VirtualTime> {
  const fakeTimers = await loadPeer<FakeTimers>("@sinonjs/fake-timers", "src/fake-timers-src.js");
  const native = watchNativeWork();
  const clock = fakeTimers.install({
    now: startMs,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });
  async function settle(): Promise<void> {
    do {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => realImmediate(resolve));
    } while (native.pending() > 0);
  }
  async function runWhile(unfinished: () => boolean): Promise<void> {
    await settle();
    while (unfinished()) {
      // Loading a module, too, takes real time.
      if (clock.countTimers() > 0) clock.next();
      await settle();
    }
  }
  return {
    async drive(promise) {
      let settled = false;
      void promise.catch(() => undefined).finally(() => (settled = true));
      await runWhile(() => !settled);
      return promise;
    },
    async runUntil(at) {
      let reached = at <= Date.now();
      setTimeout(() => (reached = true), at - Date.now());
      await runWhile(() => !reached);
    },
    sleep: (durationMs) => clock.setSystemTime(clock.now + durationMs),
    uninstall() {
      clock.uninstall();
      native.stop();
    },
  };
}

/** Hashing runs on other threads, in real time; virtual time must wait for it. */
function watchNativeWork(): { pending: () => number; stop: () => void } {
  const { subtle } = crypto;
  const digest = subtle.digest.bind(subtle);
  let pending = 0;
  subtle.digest = async (...args) => {
    pending += 1;
    try {
      return await digest(...args);
    } finally {
      pending -= 1;
    }
  };
  return { pending: () => pending, stop: () => void (subtle.digest = digest) };
}

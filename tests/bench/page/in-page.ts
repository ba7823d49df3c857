/** What runs inside the page: sent there as text, so it uses nothing of this module. */

/** What the page measures of itself. */
export interface PageProbe {
  /** Begins to wait for the next key, and for the painted results of this search. */
  expectKey(query: string): void;
  /** Milliseconds from the key to the results that `expectKey` was told of. */
  keyTime(): Promise<number>;
  /** Resolves when the results of this search are there. */
  shown(query: string): Promise<void>;
  /** Begins to wait for the next click, and for the painted drawer. */
  expectClick(): void;
  /** From the click that `expectClick` waited for: milliseconds to the painted drawer, and after how many frames it was there. */
  clickTime(): Promise<{ ms: number; frames: number }>;
  /** Begins to note how long each interaction takes. */
  watchInteractions(): void;
  /** The durations of the interactions that were watched, in milliseconds (Event Timing). */
  interactions(): number[];
}

declare global {
  interface Window {
    probe: PageProbe;
    boxUsableAt?: number;
  }
}

/** Puts `window.probe` there, and notes when the search box could first be used. */
export function installProbe(): void {
  const durations = new Map<number, number>();
  const interactions = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { interactionId } = entry as PerformanceEventTiming;
      if (interactionId === 0) continue;
      durations.set(interactionId, Math.max(durations.get(interactionId) ?? 0, entry.duration));
    }
  });

  // A task after the frame: what the frame shows has been handed to the compositor.
  const painted = (then: () => void) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.addEventListener("message", then, { once: true });
      channel.port1.start();
      channel.port2.postMessage(undefined);
    });

  const until = (holds: () => boolean, then: () => void, fail?: (error: Error) => void) => {
    const observer = new MutationObserver(() => look());
    const limit = setTimeout(() => fail?.(new Error(`It took too long: ${holds.name}`)), 15_000);
    const look = () => {
      if (!holds()) return;
      observer.disconnect();
      clearTimeout(limit);
      then();
    };
    observer.observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    look();
  };

  const isShown = (query: string) => {
    const holds = () => {
      const table = document.querySelector<HTMLTableElement>("table.results");
      const isFresh = table?.getAttribute("aria-busy") === "false";
      return isFresh && (table?.caption?.textContent.includes(`“${query}”`) ?? false);
    };
    return Object.defineProperty(holds, "name", { value: `the results of ${query}` });
  };

  let keyTime = Promise.resolve(Number.NaN);
  let clickTime = Promise.resolve({ ms: Number.NaN, frames: Number.NaN });

  const waitForKey = (query: string) =>
    new Promise<number>((resolve, reject) => {
      const begin = ({ timeStamp }: Event) => {
        const done = () => painted(() => resolve(performance.now() - timeStamp));
        until(isShown(query), done, reject);
      };
      addEventListener("keydown", begin, { once: true, capture: true });
    });

  const waitForClick = () =>
    new Promise<{ ms: number; frames: number }>((resolve, reject) => {
      const open = () => document.querySelector("aside.drawer h2") !== null;
      const begin = ({ timeStamp }: Event) => {
        let frames = 0;
        const frame = () => {
          frames += 1;
          if (!open()) requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
        const done = () => painted(() => resolve({ ms: performance.now() - timeStamp, frames }));
        until(open, done, reject);
      };
      addEventListener("click", begin, { once: true, capture: true });
    });

  window.probe = {
    expectKey: (query) => void (keyTime = waitForKey(query)),
    keyTime: () => keyTime,
    expectClick: () => void (clickTime = waitForClick()),
    clickTime: () => clickTime,
    shown: (query) => new Promise((resolve, reject) => until(isShown(query), resolve, reject)),
    watchInteractions() {
      const options = { type: "event", durationThreshold: 16, buffered: true };
      interactions.observe(options);
    },
    interactions: () => [...durations.values()],
  };

  until(
    () => document.querySelector('input[type="search"]') !== null,
    () => painted(() => (window.boxUsableAt = performance.now())),
  );
}

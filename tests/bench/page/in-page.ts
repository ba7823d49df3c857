/** What runs inside the page: sent there as text, so it uses nothing of this module. */

/** From a key or a click to what it asked for: milliseconds until that is painted, and after how many frames it was there, which is counted after a click only. */
export interface Painted {
  readonly ms: number;
  readonly frames: number;
}

/** What the page measures of itself. */
export interface PageProbe {
  /** Waits for the next key and for the painted results of this search, then calls `tellPainted`. */
  expectKey(query: string): void;
  /** Waits for the next click and for the painted drawer, then calls `tellPainted`. */
  expectClick(): void;
  /** Resolves when the results of this search are there. */
  shown(query: string): Promise<void>;
  /** Begins to note how long each interaction takes. */
  watchInteractions(): void;
  /** The durations of the interactions that were watched, in milliseconds (Event Timing). */
  interactions(): number[];
}

declare global {
  interface Window {
    probe: PageProbe;
    /** Both are put there from outside. */
    tellPainted(painted: Painted): Promise<void>;
    tellFailed(message: string): Promise<void>;
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

  const expect = (event: "keydown" | "click", holds: () => boolean) => {
    const begin = ({ timeStamp }: Event) => {
      let frames = 0;
      const frame = () => {
        frames += 1;
        if (!holds()) requestAnimationFrame(frame);
      };
      // Only after a click they are asked for, and a key should not pay for them.
      if (event === "click") requestAnimationFrame(frame);
      const tell = () => void window.tellPainted({ ms: performance.now() - timeStamp, frames });
      until(
        holds,
        () => painted(tell),
        (error) => void window.tellFailed(error.message),
      );
    };
    addEventListener(event, begin, { once: true, capture: true });
  };

  const isOpen = () => document.querySelector("aside.drawer h2") !== null;

  window.probe = {
    expectKey: (query) => expect("keydown", isShown(query)),
    expectClick: () => expect("click", isOpen),
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

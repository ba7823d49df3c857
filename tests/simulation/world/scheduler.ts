/** Whose work it is: nothing runs in a dead tab, and in a frozen one only later. */
export interface Owner {
  readonly alive: boolean;
  /** Virtual time at which it runs again; in the past for a tab that runs. */
  readonly frozenUntil: number;
}

interface Entry {
  at: number;
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
  readonly owner: Owner | undefined;
  cancelled: boolean;
}

/**
 * Virtual time. Between two pieces of work every microtask is run, so that one
 * script always gives the same run.
 */
export class Scheduler {
  /** Milliseconds since the beginning. */
  now = 0;
  readonly #heap: Entry[] = [];
  #order = 0;

  /** Runs `run` later; what a frozen owner misses runs when it wakes, in order. */
  after(delayMs: number, run: () => void, owner?: Owner): () => void {
    const at = this.now + delayMs;
    const entry = { at, due: at, order: this.#order++, run, owner, cancelled: false };
    this.#push(entry);
    return () => {
      entry.cancelled = true;
    };
  }

  /** Owners have woken early: what they missed is due now. */
  thaw(): void {
    for (const entry of this.#heap.splice(0)) {
      if (entry.at > entry.due) entry.at = Math.max(entry.due, this.now);
      this.#push(entry);
    }
  }

  /** Runs everything up to `until`, and `onStep` after each piece of it. */
  async runUntil(until: number, onStep: (owner: Owner | undefined) => boolean): Promise<boolean> {
    // What was begun from outside must not see the time of the next piece of work.
    await microtasks();
    for (let first = this.#heap[0]; first !== undefined && first.at <= until;) {
      this.#pop();
      if (!first.cancelled && first.owner?.alive !== false) {
        const { frozenUntil } = first.owner ?? { frozenUntil: 0 };
        if (frozenUntil > first.at) {
          first.at = frozenUntil;
          this.#push(first);
        } else {
          this.now = first.at;
          first.run();
          await microtasks();
          if (!onStep(first.owner)) return false;
        }
      }
      first = this.#heap[0];
    }
    this.now = until;
    return true;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (a === undefined) break;
      const child = b !== undefined && isBefore(b, a) ? b : a;
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = child === a ? left : left + 1;
    }
    heap[index] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.due === b.due ? a.order < b.order : a.due < b.due;
}

/**
 * Resolves when no microtask is left: Node runs the next-tick queue only after
 * the microtask queue is empty.
 */
export function microtasks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

import { Code, ConnectError } from "@connectrpc/connect";
import type { StreamTrouble } from "../script.ts";
import type { IssuedToken } from "./issuer.ts";
import type { Dice } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tab } from "./tab.ts";

/** What a server stream carries: a change by its number, or a heartbeat, which has none. */
export interface FeedElement {
  readonly version: number | undefined;
}

/** Who listens, from where on, and until when. */
export interface Listener {
  readonly tab: Tab;
  readonly token: IssuedToken;
  /** The last change that the client has. */
  readonly after: number;
  readonly signal: AbortSignal;
}

/** What a server allows a token beyond its expiry. */
const greatestSkewMs = 5_000;

/** Changes that the API tells to whoever listens, in streams that end when their token does. */
export class Feed {
  /** The number of the newest change. */
  version = 0;
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  readonly #open = new Set<FeedStream>();
  #muted = 0;

  constructor(scheduler: Scheduler, dice: Dice) {
    this.#scheduler = scheduler;
    this.#dice = dice;
  }

  /** Something has changed. */
  publish(): void {
    this.version++;
    for (const stream of this.#open) {
      stream.tell(this.version);
      if (this.#dice.next() < 0.2) stream.beat();
    }
  }

  /** A stream with everything behind `after`. */
  listen(listener: Listener): AsyncIterableIterator<FeedElement> {
    const stream = new FeedStream(listener, this.#scheduler, this.#dice.between(1, 60));
    this.#open.add(stream);
    if (this.#muted > 0) {
      this.#muted--;
      stream.mute();
    }
    stream.tell(this.version);
    if (this.#dice.next() < 0.3) stream.beat();
    const leftMs = listener.token.expiresAt - this.#scheduler.now;
    const skewMs = this.#dice.between(0, greatestSkewMs);
    const stop = this.#scheduler.after(Math.max(0, leftMs + skewMs), () => stream.break("expired"));
    stream.onOver = () => {
      stop();
      this.#open.delete(stream);
    };
    return stream;
  }

  /** Every stream ends, in this way. */
  breakAll(trouble: StreamTrouble): void {
    for (const stream of this.#open) stream.break(trouble);
  }

  /** The next streams never carry anything. */
  mute(streams: number): void {
    this.#muted = streams;
  }

  heal(): void {
    this.#muted = 0;
    for (const stream of this.#open) stream.speak();
  }
}

type Item = FeedElement | { readonly reason: unknown };

/** One stream: what is sent arrives later, in order, and when the tab runs. */
class FeedStream implements AsyncIterableIterator<FeedElement> {
  onOver: () => void = () => undefined;
  readonly #listener: Listener;
  readonly #scheduler: Scheduler;
  readonly #wayMs: number;
  readonly #arrived: Item[] = [];
  #sent: number;
  #told: number;
  #muted = false;
  #over = false;
  #waiter:
    | {
        readonly resolve: (result: IteratorResult<FeedElement>) => void;
        readonly reject: (reason: unknown) => void;
      }
    | undefined;

  constructor(listener: Listener, scheduler: Scheduler, wayMs: number) {
    this.#listener = listener;
    this.#scheduler = scheduler;
    this.#wayMs = wayMs;
    this.#sent = listener.after;
    this.#told = listener.after;
    const abort = () => {
      this.#end();
      this.#arrived.length = 0;
      this.#arrive({ reason: ConnectError.from(listener.signal.reason) });
    };
    if (listener.signal.aborted) abort();
    else listener.signal.addEventListener("abort", abort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<FeedElement>> {
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      this.#hand();
    });
  }

  /** Sends every change up to this one. */
  tell(version: number): void {
    this.#told = version;
    while (!this.#muted && this.#sent < this.#told) this.#send({ version: ++this.#sent });
  }

  beat(): void {
    if (!this.#muted) this.#send({ version: undefined });
  }

  mute(): void {
    this.#muted = true;
  }

  speak(): void {
    this.#muted = false;
    this.tell(this.#told);
  }

  break(trouble: StreamTrouble): void {
    if (this.#over) return;
    if (trouble === "expired") this.#listener.token.refused = true;
    this.#send({ reason: reasons[trouble]() });
    this.#end();
  }

  #end(): void {
    this.#over = true;
    this.onOver();
  }

  #send(item: Item): void {
    if (!this.#over)
      this.#scheduler.after(this.#wayMs, () => this.#arrive(item), this.#listener.tab);
  }

  #arrive(item: Item): void {
    this.#arrived.push(item);
    this.#hand();
  }

  #hand(): void {
    const item = this.#arrived[0];
    const waiter = this.#waiter;
    if (item === undefined || waiter === undefined) return;
    this.#waiter = undefined;
    this.#arrived.shift();
    if (!("reason" in item)) waiter.resolve({ done: false, value: item });
    else if (item.reason === undefined) waiter.resolve({ done: true, value: undefined });
    else waiter.reject(item.reason);
  }
}

const reasons: Record<StreamTrouble, () => unknown> = {
  expired: () => new ConnectError("the token has expired", Code.Unauthenticated),
  unavailable: () => new ConnectError("going away", Code.Unavailable),
  // As a proxy ends it when the server behind it restarts.
  cancelled: () => new ConnectError("stream reset", Code.Canceled),
  reset: () => new TypeError("network error"),
  end: () => undefined,
};

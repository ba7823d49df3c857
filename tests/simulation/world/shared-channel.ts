import type { Channel, ChannelMessage } from "../../../src/lib/core/ports.ts";
import type { Dice } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tab } from "./tab.ts";

interface Subscription {
  readonly tab: Tab;
  readonly listener: (message: ChannelMessage) => void;
}

/** How long an announcement is under way at most. */
export const greatestDelayMs = 30;

/** Announcements between tabs: late, but in order, and lost on a page in the back/forward cache. */
export class SharedChannel {
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  readonly #subscriptions = new Set<Subscription>();
  readonly #busyUntil = new Map<Tab, number>();

  constructor(scheduler: Scheduler, dice: Dice) {
    this.#scheduler = scheduler;
    this.#dice = dice;
  }

  port(tab: Tab, observe: (receiver: Tab | undefined, message: ChannelMessage) => void): Channel {
    return {
      post: (message) => {
        observe(undefined, message);
        for (const subscription of this.#subscriptions) {
          if (subscription.tab !== tab) this.#deliver(subscription, message, observe);
        }
      },
      subscribe: (listener) => {
        const subscription = { tab, listener };
        this.#subscriptions.add(subscription);
        return () => void this.#subscriptions.delete(subscription);
      },
      close: () => this.forget(tab),
    };
  }

  forget(tab: Tab): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.tab === tab) this.#subscriptions.delete(subscription);
    }
  }

  #deliver(
    subscription: Subscription,
    message: ChannelMessage,
    observe: (receiver: Tab | undefined, message: ChannelMessage) => void,
  ): void {
    const { tab, listener } = subscription;
    const { now } = this.#scheduler;
    const at = Math.max(
      this.#busyUntil.get(tab) ?? 0,
      now + this.#dice.between(1, greatestDelayMs),
    );
    this.#busyUntil.set(tab, at);
    this.#scheduler.after(at - now, () => {
      if (tab.deaf && tab.frozenUntil > this.#scheduler.now) return;
      const hear = () => {
        if (!this.#subscriptions.has(subscription)) return;
        observe(tab, message);
        listener(message);
      };
      this.#scheduler.after(0, hear, tab);
    });
  }
}

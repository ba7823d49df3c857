import type { UserRecord } from "./user-record.ts";

/** What a watch tells: the user as it is now, or that nothing has changed. */
export type WatchEvent =
  { readonly type: "user"; readonly user: UserRecord } | { readonly type: "heartbeat" };

/** What a watcher is woken for. */
export type News = "change" | "heartbeat";

/** One watch: what it has told, and what it has still to tell. */
export interface Watcher {
  readonly userId: string;
  readonly principal: string;
  /** The version that was told last; 0 before the first. */
  readonly version: number;
  /** When something was told last, in the milliseconds of the timers. */
  readonly toldAt: number;
  /** There is news. A change outweighs a heartbeat; several changes are one. */
  wake(news: News): void;
  /** Ends the watch: `news` rejects with this, now or when it is asked next. */
  fail(reason: unknown): void;
  /** The next news, when there is some. */
  news(): Promise<News>;
  /** The event for the state of a user, and a note that it was told. */
  tell(user: UserRecord, hasChanged: boolean, now: number): WatchEvent;
}

/** A watcher that has nothing to tell yet. */
export function createWatcher(options: {
  userId: string;
  principal: string;
  toldAt: number;
}): Watcher {
  let { toldAt } = options;
  let version = 0;
  let pending: News | undefined;
  let failure: { reason: unknown } | undefined;
  let wakeUp = () => {};
  return {
    userId: options.userId,
    principal: options.principal,
    get version() {
      return version;
    },
    get toldAt() {
      return toldAt;
    },
    wake(news) {
      if (pending !== "change") pending = news;
      wakeUp();
    },
    fail(reason) {
      failure ??= { reason };
      wakeUp();
    },
    async news() {
      if (pending === undefined && failure === undefined) {
        await new Promise<void>((resolve) => (wakeUp = resolve));
      }
      if (failure) throw failure.reason;
      const news = pending ?? "heartbeat";
      pending = undefined;
      return news;
    },
    tell(user, hasChanged, now) {
      toldAt = now;
      version = user.version;
      return hasChanged ? { type: "user", user } : { type: "heartbeat" };
    },
  };
}

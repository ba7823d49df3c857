import type { Fact } from "../facts.ts";
import type { Subject } from "../subject.ts";
import type { Api } from "./api.ts";
import type { Feed } from "./feed.ts";
import type { Random } from "../../../src/lib/core/ports.ts";
import type { Tab } from "./tab.ts";
import { Watch } from "./watch.ts";
import type { WatchObserver, WatchPlan } from "./watch.ts";

/** The streams of all tabs that are not over. */
export class Watches {
  readonly #subject: Subject;
  readonly #api: Api;
  readonly #feed: Feed;
  readonly #random: Random;
  readonly #report: (fact: Fact) => void;
  readonly #all = new Set<Watch>();
  readonly #observer: WatchObserver;
  readonly #left: Watch[] = [];

  constructor(
    subject: Subject,
    api: Api,
    feed: Feed,
    random: Random,
    report: (fact: Fact) => void,
  ) {
    this.#subject = subject;
    this.#api = api;
    this.#feed = feed;
    this.#random = random;
    this.#report = report;
    this.#observer = {
      onOpened: (watch) => report({ type: "stream-opened", watch }),
      onElement: (watch, version) => report({ type: "stream-element", watch, version }),
      onOver: (watch) => {
        this.#all.delete(watch);
        if (watch.tab.alive) report({ type: "stream-over", watch });
      },
    };
  }

  start(tab: Tab, plan: WatchPlan): void {
    const watch = new Watch(tab, plan, this.#feed.version, (attempt, after, request) =>
      this.#api.send(attempt, request, (token, signal) =>
        this.#feed.listen({ tab, token, after, signal }),
      ),
    );
    this.#all.add(watch);
    void watch.run(this.#subject, { ...tab.ports, random: this.#random }, this.#observer);
    if (plan.leaveAfterMs !== undefined) tab.after(plan.leaveAfterMs, () => this.#leave(watch));
  }

  /** Runs after every step: whoever was left must be over. */
  afterStep(): void {
    for (let watch = this.#left.pop(); watch !== undefined; watch = this.#left.pop()) {
      if (!watch.over && !watch.busy) this.#report({ type: "stream-lives", watch });
    }
  }

  /** Something has happened in this tab that may end its streams. */
  look(tab: Tab): void {
    for (const watch of this.#all) {
      if (watch.tab === tab && !watch.busy) this.#report({ type: "stream-lives", watch });
    }
  }

  /** When all faults have stopped long ago. */
  judge(): void {
    for (const watch of this.#all) this.#report({ type: "stream-after-faults", watch });
  }

  /** The application is done with all of them. */
  leaveAll(): void {
    for (const watch of this.#all) watch.tab.after(1, () => this.#leave(watch));
  }

  forget(tab: Tab): void {
    for (const watch of this.#all) if (watch.tab === tab) this.#all.delete(watch);
  }

  #leave(watch: Watch): void {
    watch.leave();
    this.#left.push(watch);
  }
}

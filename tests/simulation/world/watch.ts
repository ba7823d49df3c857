import type { Interceptor, UnaryRequest, StreamRequest } from "@connectrpc/connect";
import type { ResumeStreamOptions } from "../../../src/lib/core/resume-stream.ts";
import type { Subject } from "../subject.ts";
import { createStreamRequest } from "./call.ts";
import type { Attempting } from "./call.ts";
import type { FeedElement } from "./feed.ts";
import type { IssuedToken } from "./issuer.ts";
import type { Tab } from "./tab.ts";

/** When and how the caller leaves a stream. */
export interface WatchPlan {
  readonly leaveAfterMs: number | undefined;
  /** By its signal, or by leaving the loop at the next element. */
  readonly leaves: "abort" | "break";
  /** How long the application is busy with each element. */
  readonly busyMs: number;
}

/** What tells of a watch. */
export interface WatchObserver {
  readonly onOpened: (watch: Watch) => void;
  readonly onElement: (watch: Watch, version: number | undefined) => void;
  readonly onOver: (watch: Watch) => void;
}

/** Sends the request of one attempt to the API. */
export type SendAttempt = (
  attempt: Attempt,
  after: number,
  request: UnaryRequest | StreamRequest,
) => ReturnType<Parameters<Interceptor>[0]>;

/** One server stream out of many: a call of its own for the interceptor. */
export class Attempt implements Attempting {
  readonly tab: Tab;
  readonly startedAt: number;
  /** In virtual time. */
  readonly openedAt: number;
  /** The person whose stream it is. */
  readonly subject: string | undefined;
  readonly sent: IssuedToken[] = [];
  challenged = false;
  finished = false;
  readonly signal: AbortSignal;

  constructor(tab: Tab, subject: string | undefined, signal: AbortSignal) {
    this.tab = tab;
    this.subject = subject;
    this.signal = signal;
    this.startedAt = tab.now();
    this.openedAt = tab.time();
  }

  /** Whether its request is still there. */
  get running(): boolean {
    return !this.finished && !this.signal.aborted;
  }
}

/** A stream that outlives its tokens, as the application has it. */
export class Watch {
  readonly tab: Tab;
  readonly plan: WatchPlan;
  /** Whose it is, as soon as that is known. */
  owner: string | undefined;
  /** The newest change that came. */
  seen: number;
  readonly attempts: Attempt[] = [];
  left = false;
  /** The application works on an element, and hears of nothing else. */
  busy = false;
  over = false;
  error: unknown;
  readonly #controller = new AbortController();
  readonly #send: SendAttempt;

  constructor(tab: Tab, plan: WatchPlan, seen: number, send: SendAttempt) {
    this.tab = tab;
    this.plan = plan;
    this.seen = seen;
    this.#send = send;
    this.owner = tab.coordinator.getSnapshot().subject;
  }

  async run(subject: Subject, ports: Ports, observer: WatchObserver): Promise<void> {
    const begin = this.seen;
    const stream = subject.resumeStream<FeedElement, number>({
      open: (after, { signal }) => this.#open(after ?? begin, signal, observer),
      cursorOf: ({ version }) => version,
      signal: this.#controller.signal,
      tokenSource: this.tab.coordinator,
      ...ports,
    });
    try {
      for await (const { version } of stream) {
        observer.onElement(this, version);
        this.seen = version ?? this.seen;
        if (this.left && this.plan.leaves === "break") break;
        if (this.plan.busyMs > 0) await this.#work();
      }
    } catch (error) {
      this.error = error;
    }
    this.over = true;
    observer.onOver(this);
  }

  leave(): void {
    this.left = true;
    if (this.plan.leaves === "abort") this.#controller.abort();
  }

  async #work(): Promise<void> {
    this.busy = true;
    await new Promise<void>((resolve) => this.tab.after(this.plan.busyMs, resolve));
    this.busy = false;
  }

  async *#open(
    after: number,
    signal: AbortSignal,
    observer: WatchObserver,
  ): AsyncGenerator<FeedElement> {
    const attempt = new Attempt(this.tab, this.owner, signal);
    this.attempts.push(attempt);
    observer.onOpened(this);
    try {
      const next = this.tab.interceptor((request) => this.#send(attempt, after, request));
      const response = await next(createStreamRequest(signal));
      // The model's elements stand for messages.
      if (response.stream)
        yield* response.message as AsyncIterable<unknown> as AsyncIterable<FeedElement>;
      attempt.finished = true;
    } catch (error) {
      attempt.finished = true;
      throw error;
    } finally {
      // Who leaves the loop comes here only; then the request goes on until its signal aborts.
      this.owner ??= attempt.sent[0]?.family.subject;
    }
  }
}

type Ports = Pick<ResumeStreamOptions<FeedElement, number>, "clock" | "random" | "wake">;

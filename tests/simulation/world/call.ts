import { Code, ConnectError } from "@connectrpc/connect";
import type { Interceptor, StreamRequest, StreamResponse, UnaryRequest } from "@connectrpc/connect";
import type { SessionState } from "../../../src/lib/core/session.ts";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import type { Api } from "./api.ts";
import type { IssuedToken } from "./issuer.ts";
import { messages } from "./api.ts";
import type { Tab } from "./tab.ts";

/** How a call is made. */
export interface CallPlan {
  readonly stream: boolean;
  readonly deadlineMs: number | undefined;
  readonly cancelAfterMs: number | undefined;
}

/** What tells of a call. */
export interface CallObserver {
  readonly onSettled: (call: Call) => void;
  readonly onDeadline: (call: Call) => void;
}

/** Something that is sent to the API with a token, at most twice. */
export interface Attempting {
  readonly tab: Tab;
  readonly startedAt: number;
  /** Who was signed in when it began. */
  readonly subject: string | undefined;
  readonly sent: IssuedToken[];
  /** The API wants a newer sign-in for it. */
  challenged: boolean;
}

/** One call of the application in one tab, through the real interceptor. */
export class Call implements Attempting {
  readonly tab: Tab;
  readonly plan: CallPlan;
  readonly startedAt: number;
  readonly subject: string | undefined;
  readonly sent: IssuedToken[] = [];
  challenged = false;
  cancelled = false;
  timedOut = false;
  settled = false;
  succeeded = false;
  error: unknown;
  /** What the session was when the call came to its end. */
  stateAtEnd: SessionState | undefined;
  readonly #controller = new AbortController();

  constructor(tab: Tab, plan: CallPlan) {
    this.tab = tab;
    this.plan = plan;
    this.startedAt = tab.now();
    this.subject = tab.coordinator.getSnapshot().subject;
  }

  async run(interceptor: Interceptor, api: Api, observer: CallObserver): Promise<void> {
    const stops = this.#startTimers(observer);
    try {
      const next = interceptor((request) => api.send(this, request));
      const response = await next(this.#createRequest());
      if (response.stream) await drain(response);
      this.succeeded = true;
    } catch (error) {
      this.error = error;
    }
    this.settled = true;
    this.stateAtEnd = this.tab.coordinator.getSnapshot().state;
    for (const stop of stops) stop();
    observer.onSettled(this);
    // As Connect does: at the end of a call its signal aborts.
    this.#controller.abort(over);
  }

  #startTimers(observer: CallObserver): (() => void)[] {
    const { deadlineMs, cancelAfterMs } = this.plan;
    const stops: (() => void)[] = [];
    if (deadlineMs !== undefined) {
      const pass = () => {
        this.timedOut = true;
        this.#controller.abort(new ConnectError("the operation timed out", Code.DeadlineExceeded));
        observer.onDeadline(this);
      };
      stops.push(this.tab.after(deadlineMs, pass));
    }
    if (cancelAfterMs !== undefined) {
      const cancel = () => {
        this.cancelled = true;
        this.#controller.abort(new DOMException("left", "AbortError"));
      };
      stops.push(this.tab.after(cancelAfterMs, cancel));
    }
    return stops;
  }

  #createRequest(): UnaryRequest | StreamRequest {
    const { stream, deadlineMs } = this.plan;
    const header = new Headers(
      deadlineMs === undefined ? {} : { "grpc-timeout": `${deadlineMs}m` },
    );
    const { signal } = this.#controller;
    if (stream) return createStreamRequest(signal, header);
    const { method } = UserService;
    return {
      ...common,
      signal,
      header,
      stream: false,
      method: method.getUser,
      message: messages.ask,
    };
  }
}

const common = {
  service: UserService,
  requestMethod: "POST",
  url: "https://api.example/user.v1.UserService/GetUser",
  contextValues: messages.contextValues,
};

/** The request of a server stream. */
export function createStreamRequest(signal: AbortSignal, header = new Headers()): StreamRequest {
  const method = UserService.method.watchUser;
  return { ...common, signal, header, stream: true, method, message: once(messages.watch) };
}

// Made once, because an error is expensive.
const over = new DOMException("The call is over.", "AbortError");

async function* once<T>(message: T): AsyncGenerator<T> {
  yield message;
}

async function drain(response: StreamResponse): Promise<void> {
  for await (const _ of response.message);
}

import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import type {
  StreamRequest,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from "@connectrpc/connect";
import {
  GetUserRequestSchema,
  UserSchema,
  WatchUserRequestSchema,
} from "../../../src/gen/user/v1/user_service_pb.ts";
import type { Attempting } from "./call.ts";
import type { Issuer, IssuedToken } from "./issuer.ts";
import type { Dice } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

type Request = UnaryRequest | StreamRequest;
type Response = UnaryResponse | StreamResponse;

type Listen = (token: IssuedToken, signal: AbortSignal) => AsyncIterable<unknown>;

/** Messages that are never looked at, made once. */
export const messages = {
  ask: create(GetUserRequestSchema, { userId: "user123" }),
  watch: create(WatchUserRequestSchema, { userId: "user123" }),
  answer: create(UserSchema, { id: "user123" }),
  contextValues: createContextValues(),
};

/** The resource server: it checks the key, the expiry and the subject of a token. */
export class Api {
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  readonly #issuer: Issuer;
  readonly #isOffline: () => boolean;
  readonly #onSent: (call: Attempting, token: IssuedToken) => void;
  #troubled = 0;
  #demandedAt = -Infinity;
  readonly #empty = new Headers();

  constructor(
    scheduler: Scheduler,
    dice: Dice,
    issuer: Issuer,
    isOffline: () => boolean,
    onSent: (call: Attempting, token: IssuedToken) => void,
  ) {
    this.#scheduler = scheduler;
    this.#dice = dice;
    this.#issuer = issuer;
    this.#isOffline = isOffline;
    this.#onSent = onSent;
  }

  /** The next calls fail with UNAVAILABLE. */
  trouble(calls: number): void {
    this.#troubled = calls;
  }

  /** Whoever signed in before now must do so again. */
  demandNewSignIn(): void {
    this.#demandedAt = this.#scheduler.now;
  }

  heal(): void {
    this.#troubled = 0;
    this.#demandedAt = -Infinity;
  }

  /** `listen` makes the messages of a stream, which is otherwise a short one. */
  async send(call: Attempting, request: Request, listen?: Listen): Promise<Response> {
    const value = request.header.get("Authorization")?.slice("Bearer ".length) ?? "";
    const token = this.#issuer.accessToken(value);
    if (token !== undefined) this.#onSent(call, token);
    const failure = await this.#exchange(call, request.signal, () => this.#judge(call, token));
    if (failure === undefined && token !== undefined) {
      const answer = () => listen?.(token, request.signal) ?? this.#watch(call, request.signal);
      return this.#answer(request, answer);
    }
    if (failure === undefined) throw new Error("The API has let somebody in without a token.");
    // A server may also refuse a stream in its body.
    if (!request.stream || this.#dice.next() < 0.5) throw failure;
    return this.#respond(request, refuse(failure));
  }

  /** The way there and back; resolves with the server's refusal, if it refuses. */
  #exchange(
    call: Attempting,
    signal: AbortSignal,
    judge: () => ConnectError | undefined,
  ): Promise<ConnectError | undefined> {
    return new Promise((resolve, reject) => {
      let failure: ConnectError | undefined;
      const wayMs = 1 + this.#dice.next() * 60;
      const abort = () => {
        stop();
        reject(ConnectError.from(signal.reason));
      };
      const arrive = () => {
        failure = judge();
        stop = this.#scheduler.after(wayMs, come, call.tab);
      };
      const come = () => {
        signal.removeEventListener("abort", abort);
        resolve(failure);
      };
      let stop = this.#scheduler.after(wayMs, arrive);
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
    });
  }

  #judge(call: Attempting, token: IssuedToken | undefined): ConnectError | undefined {
    if (this.#isOffline()) return new ConnectError("no network", Code.Unavailable);
    if (this.#troubled > 0) {
      this.#troubled--;
      return new ConnectError("overloaded", Code.Unavailable);
    }
    const fine =
      token !== undefined &&
      token.key === this.#issuer.key &&
      this.#scheduler.now < token.expiresAt;
    if (fine) return this.#judgeSignIn(call, token);
    if (token !== undefined) token.refused = true;
    return new ConnectError("invalid token", Code.Unauthenticated);
  }

  #judgeSignIn(call: Attempting, { family }: IssuedToken): ConnectError | undefined {
    if (family.signedInAt >= this.#demandedAt) return undefined;
    call.challenged = true;
    return new ConnectError("too long ago", Code.Unauthenticated, {
      "www-authenticate": 'Bearer error="insufficient_user_authentication", max_age="0"',
    });
  }

  #answer(request: Request, listen: () => AsyncIterable<unknown>): Response {
    if (request.stream) return this.#respond(request, listen() as StreamResponse["message"]);
    const { service, method } = request;
    return {
      service,
      method,
      stream: false,
      header: this.#empty,
      trailer: this.#empty,
      message: messages.answer,
    };
  }

  #respond(request: StreamRequest, message: StreamResponse["message"]): StreamResponse {
    const { service, method } = request;
    return { service, method, stream: true, header: this.#empty, trailer: this.#empty, message };
  }

  async *#watch(call: Attempting, signal: AbortSignal): StreamResponse["message"] {
    yield messages.answer;
    await this.#exchange(call, signal, () => undefined);
    yield messages.answer;
  }
}

/** A stream whose first element is the refusal. */
function refuse(failure: ConnectError): StreamResponse["message"] {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) };
}

import { Code } from "@connectrpc/connect";
import type {
  ConnectError,
  Interceptor,
  StreamRequest,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from "@connectrpc/connect";
import type { AccessToken } from "./access-token.ts";
import { AuthError } from "./auth-error.ts";
import { readDeadline, writeTimeLeft } from "./call-deadline.ts";
import { explainCallError, toCallError } from "./call-error.ts";
import { isStepUp, readChallenge } from "./challenge.ts";
import { linkSignals } from "./link-signals.ts";
import type { MethodRule } from "./method-rule.ts";
import type { Clock } from "./ports.ts";
import { replacedTokenError } from "./refused-token.ts";
import { createReplay, peek } from "./stream-replay.ts";
import type { TokenSource } from "./token-source.ts";
import { raceSignals } from "./wait.ts";

type Request = UnaryRequest | StreamRequest;
type Response = UnaryResponse | StreamResponse;
type Next = Parameters<Interceptor>[0];

/** Signs the person in again, as the server asks; resolves when that is done. */
export type StepUp = (
  required: {
    readonly acrValues: readonly string[];
    readonly maxAgeSeconds: number | undefined;
  },
  options: { readonly signal: AbortSignal },
) => Promise<void>;

/** What one call needs. */
export interface CallOptions {
  readonly tokenSource: TokenSource;
  readonly stepUp: StepUp | undefined;
  readonly clock: Clock;
  readonly rule: (MethodRule & { readonly retry?: boolean }) | undefined;
}

/**
 * One logical call: at most two attempts under one deadline, and in one session:
 * when that ends, so does the call, and nobody else's token carries it on.
 */
export class AuthorizedCall {
  readonly #options: CallOptions;
  readonly #next: Next;
  readonly #request: Request;
  readonly #deadline: number | undefined;
  readonly #replay: ReturnType<typeof createReplay>;
  #ended: AbortSignal | undefined;
  #signal: AbortSignal;

  constructor(options: CallOptions, next: Next, request: Request) {
    this.#options = options;
    this.#next = next;
    this.#request = request;
    this.#signal = request.signal;
    this.#deadline = readDeadline(request.header, options.clock.now());
    this.#replay = createReplay(request);
  }

  async run(): Promise<Response> {
    const { tokenSource } = this.#options;
    const { ended } = tokenSource;
    const token = await this.#getToken();
    ended?.throwIfAborted();
    // A session that was loading had nothing yet that could end.
    this.#ended = ended ?? tokenSource.ended;
    const { signal, unlink } = linkSignals(this.#request.signal, this.#ended);
    this.#signal = signal;
    try {
      return await this.#attemptTwice(token);
    } finally {
      // A stream goes on; its own signal aborts at its end.
      if (!this.#request.stream) unlink();
    }
  }

  async #attemptTwice(token: AccessToken): Promise<Response> {
    try {
      return await this.#attempt(token);
    } catch (refusal) {
      try {
        const fresh = await this.#recover(toCallError(refusal), token);
        return await this.#attempt(fresh);
      } catch (reason) {
        throw explainCallError(toCallError(reason));
      }
    }
  }

  async #getToken(rejected?: string): Promise<AccessToken> {
    const signal = this.#signal;
    const { tokenSource, rule } = this.#options;
    // Raced here as well, so that a foreign token source cannot outlive the deadline.
    const token = await raceSignals(tokenSource.getToken({ signal, rejected }), signal);
    assertScopes(token, rule);
    return token;
  }

  /** The token for a second attempt; throws when there must be none. */
  async #recover(refusal: ConnectError, used: AccessToken): Promise<AccessToken> {
    const foreign = refusal.code === Code.Unauthenticated && AuthError.find(refusal) === undefined;
    if (!foreign) throw refusal;
    const { rule, stepUp } = this.#options;
    const repeatable = this.#replay.possible && rule?.retry !== false;
    const challenge = readChallenge(refusal);
    if (isStepUp(challenge)) {
      if (stepUp === undefined || !repeatable) throw refusal;
      const signal = this.#signal;
      const { acrValues, maxAgeSeconds } = challenge;
      await raceSignals(stepUp({ acrValues, maxAgeSeconds }, { signal }), signal);
    } else if (!repeatable) {
      // The next call must not bring the refused token again.
      this.#getToken(used.value).catch(() => undefined);
      throw explainCallError(refusal, replacedTokenError);
    }
    return this.#getToken(used.value);
  }

  async #attempt(token: AccessToken): Promise<Response> {
    const header = new Headers(this.#request.header);
    header.set("Authorization", `${token.type} ${token.value}`);
    try {
      writeTimeLeft(header, this.#deadline, this.#options.clock.now());
      const request = await this.#replay.request(header, this.#signal);
      this.#signal.throwIfAborted();
      const response = await this.#next(request);
      if (!response.stream) return response;
      return await peek(response, (reason) =>
        explainCallError(this.#toError(reason), replacedTokenError),
      );
    } catch (reason) {
      throw this.#toError(reason);
    }
  }

  #toError(reason: unknown): ConnectError {
    const ended = this.#ended;
    const wasEnded = ended?.aborted === true && !this.#request.signal.aborted;
    return toCallError(wasEnded ? ended.reason : reason);
  }
}

function assertScopes(token: AccessToken, rule: MethodRule | undefined): void {
  // No scopes in the token means that the issuer did not say: the server will.
  if (rule === undefined || token.scopes.length === 0) return;
  // Entra grants "api://name/users.read" and writes "users.read" into the token.
  const has = (scope: string) => token.scopes.some((own) => `/${own}`.endsWith(`/${scope}`));
  const missing = rule.scopes.filter((scope) => !has(scope));
  if (missing.length === 0 && rule.anyScopes.length > 0 && !rule.anyScopes.some(has)) {
    missing.push(...rule.anyScopes);
  }
  if (missing.length === 0) return;
  throw new AuthError(
    "scope-missing",
    `The method needs the scope ${missing.join(", ")}, which this token lacks. Ask for it at sign-in.`,
    { scopes: missing },
  );
}

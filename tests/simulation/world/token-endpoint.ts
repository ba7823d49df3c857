import type { TokenTrouble } from "../script.ts";
import { grantedScopes } from "./issuer.ts";
import type { Family, Issued, Issuer } from "./issuer.ts";
import type { Dice } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tab } from "./tab.ts";

/** What comes back from the token endpoint. */
export type Answer =
  | { readonly type: "tokens"; readonly issued: Issued }
  | { readonly type: "oauth-error"; readonly error: string; readonly status: number }
  | {
      readonly type: "status";
      readonly status: number;
      readonly retryAfterSeconds: number | undefined;
    }
  | { readonly type: "garbage" }
  /** The connection broke. */
  | { readonly type: "broken" };

/** One token request. */
export interface TokenAsk {
  readonly tab: Tab;
  readonly refreshToken: string;
  readonly scopes: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

interface Flight {
  readonly ask: TokenAsk;
  readonly family: Family | undefined;
  readonly end: (answer: Answer | undefined) => void;
  /** The issuer has replaced the refresh token, and nobody has heard of it yet. */
  unheard: boolean;
  over: boolean;
}

/** What the endpoint tells of its use. */
export interface EndpointObserver {
  readonly onAsked: (ask: TokenAsk, family: Family | undefined, inFlight: number) => void;
  /** A live tab has the new tokens, but not stored them yet. */
  readonly onAnswered: (tab: Tab, family: Family, issued: Issued) => void;
}

/** The way to the issuer's token endpoint and back, with everything that may go wrong on it. */
export class TokenEndpoint {
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  readonly #issuer: Issuer;
  readonly #observer: EndpointObserver;
  readonly #isOffline: () => boolean;
  readonly #flights = new Set<Flight>();
  #trouble: TokenTrouble | undefined;
  #troubled = 0;

  constructor(
    scheduler: Scheduler,
    dice: Dice,
    issuer: Issuer,
    isOffline: () => boolean,
    observer: EndpointObserver,
  ) {
    this.#scheduler = scheduler;
    this.#dice = dice;
    this.#issuer = issuer;
    this.#isOffline = isOffline;
    this.#observer = observer;
  }

  /** The next requests meet with this. */
  trouble(trouble: TokenTrouble, requests: number): void {
    this.#trouble = trouble;
    this.#troubled = requests;
  }

  heal(): void {
    this.#troubled = 0;
  }

  /** Resolves with the answer, or rejects with the signal's reason. */
  send(ask: TokenAsk): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const family = this.#issuer.familyOf(ask.refreshToken);
      const flight: Flight = {
        ask,
        family,
        unheard: false,
        over: false,
        end: (answer) => {
          if (flight.over) return;
          this.#conclude(flight);
          ask.signal.removeEventListener("abort", abort);
          if (answer === undefined) reject(ask.signal.reason as Error);
          else resolve(answer);
        },
      };
      const abort = () => flight.end(undefined);
      if (ask.signal.aborted) return reject(ask.signal.reason as Error);
      ask.signal.addEventListener("abort", abort, { once: true });
      this.#flights.add(flight);
      const inFlight = [...this.#flights].filter((other) => other.family === family).length;
      this.#observer.onAsked(ask, family, inFlight);
      this.#travel(flight);
    });
  }

  /** A tab has died, and its requests with it. */
  forget(tab: Tab): void {
    for (const flight of this.#flights) if (flight.ask.tab === tab) this.#conclude(flight);
  }

  /** The machine has slept: connections are gone. */
  breakConnections(): void {
    for (const flight of this.#flights) {
      if (this.#dice.next() < 0.5) this.#answer(flight, { type: "broken" }, 5);
    }
  }

  #conclude(flight: Flight): void {
    flight.over = true;
    this.#flights.delete(flight);
    if (flight.unheard && flight.family !== undefined) flight.family.answerLost = true;
  }

  #travel(flight: Flight): void {
    const trouble = this.#nextTrouble();
    const { next } = this.#dice;
    const wayMs = trouble === "slow" ? 500 + next() * 14_000 : 2 + next() * 80;
    if (this.#isOffline() || trouble === "lost-request") {
      return this.#answer(flight, { type: "broken" }, wayMs);
    }
    // A request goes on to the issuer, whatever becomes of the one who sent it.
    this.#scheduler.after(wayMs, () => this.#arrive(flight, trouble, wayMs));
  }

  #arrive(flight: Flight, trouble: TokenTrouble | undefined, wayMs: number): void {
    const refusal = refusals[trouble ?? "lost-request"];
    if (refusal !== undefined) return this.#answer(flight, refusal, wayMs);
    const { ask, family } = flight;
    // Given up on while it was under way: its answer cannot be heard any more.
    if (flight.over && family !== undefined) family.answerLost = true;
    const scopes = grantedScopes(ask.scopes, trouble === "narrow-scope");
    const issued = this.#issuer.refresh(ask.refreshToken, scopes, this.#scheduler.now);
    flight.unheard = issued?.refreshToken !== undefined;
    if (trouble === "silence") return;
    const damage = damages[trouble ?? "slow"];
    if (damage !== undefined || this.#isOffline()) {
      return this.#answer(flight, damage ?? { type: "broken" }, wayMs);
    }
    this.#answer(
      flight,
      issued === undefined
        ? { type: "oauth-error", error: "invalid_grant", status: 400 }
        : { type: "tokens", issued },
      wayMs,
    );
  }

  #answer(flight: Flight, answer: Answer, wayMs: number): void {
    this.#scheduler.after(
      wayMs,
      () => {
        if (flight.over) return;
        if (answer.type === "tokens") {
          flight.unheard = false;
          if (flight.family !== undefined) {
            this.#observer.onAnswered(flight.ask.tab, flight.family, answer.issued);
          }
        }
        flight.end(answer);
      },
      flight.ask.tab,
    );
  }

  #nextTrouble(): TokenTrouble | undefined {
    if (this.#troubled === 0) return undefined;
    this.#troubled--;
    return this.#trouble;
  }
}

// Answers of an issuer that did nothing.
const refusals: Partial<Record<TokenTrouble, Answer>> = {
  "429": { type: "status", status: 429, retryAfterSeconds: 7 },
  "503": { type: "status", status: 503, retryAfterSeconds: undefined },
  "503-retry-after": { type: "status", status: 503, retryAfterSeconds: 45 },
  "invalid-client": { type: "oauth-error", error: "invalid_client", status: 401 },
};

// What is left of an answer of an issuer that did what it was asked.
const damages: Partial<Record<TokenTrouble, Answer>> = {
  "lost-response": { type: "broken" },
  "504-after-the-fact": { type: "status", status: 504, retryAfterSeconds: undefined },
  garbage: { type: "garbage" },
};

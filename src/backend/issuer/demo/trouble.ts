import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { sendJson } from "../respond.ts";

const MAX_DELAY_MS = 60_000;
const MAX_DURATION_MS = 600_000;

/** How the token endpoint behaves: well, or badly on purpose. */
export type TroubleState =
  | { readonly token: "ok" }
  | { readonly token: "unavailable"; readonly retryAfterSeconds?: number }
  | { readonly token: "slow"; readonly delayMs: number }
  | { readonly token: "off" };

/** Trouble on purpose at the token endpoint, to see what a client makes of it. */
export interface Trouble {
  state(): TroubleState;
  /** Sets the state, for ever or for `forMs` milliseconds. */
  set(state: TroubleState, forMs?: number): void;
  /**
   * Meets one request to the token endpoint. Answers the outcome when that was the end of it, or undefined when the
   * request is to be answered as usual.
   */
  meet(req: IncomingMessage, res: ServerResponse): Promise<string | undefined>;
}

/** A token endpoint that behaves well until told otherwise. */
export function createTrouble(nowMs: () => number): Trouble {
  let state: TroubleState = { token: "ok" };
  let endsAt = Number.POSITIVE_INFINITY;
  const current = () => (nowMs() < endsAt ? state : { token: "ok" as const });
  return {
    state: current,
    set(next, forMs) {
      state = next;
      endsAt = forMs === undefined ? Number.POSITIVE_INFINITY : nowMs() + forMs;
    },
    meet: (req, res) => meet(current(), req, res),
  };
}

async function meet(
  state: TroubleState,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<string | undefined> {
  if (state.token === "off") {
    req.destroy();
    return "connection destroyed";
  }
  if (state.token === "slow") await wait(state.delayMs, undefined, { ref: false });
  // A preflight is answered as usual: the page is to see the 503, not a failure without a name.
  if (state.token !== "unavailable" || req.method === "OPTIONS") return undefined;
  sendUnavailable(res, state.retryAfterSeconds);
  return "503";
}

function sendUnavailable(res: ServerResponse, retryAfterSeconds: number | undefined): void {
  if (retryAfterSeconds !== undefined) res.setHeader("Retry-After", String(retryAfterSeconds));
  sendJson(res, 503, {
    error: "temporarily_unavailable",
    error_description: "The token endpoint was told to be unavailable.",
  });
}

/** Reads a request for trouble. Answers a sentence that says what is wrong with it, or what was asked for. */
export function parseTrouble(
  value: unknown,
): string | { readonly state: TroubleState; readonly forMs?: number } {
  if (typeof value !== "object" || value === null) return "The body must be a JSON object.";
  const fields = new Map<string, unknown>(Object.entries(value));
  const forMs = fields.get("forMs");
  if (forMs !== undefined && !isWithin(forMs, MAX_DURATION_MS)) {
    return `forMs must be milliseconds up to ${MAX_DURATION_MS}.`;
  }
  const state = parseState(fields);
  return typeof state === "string" ? state : { state, ...(forMs !== undefined && { forMs }) };
}

function parseState(fields: ReadonlyMap<string, unknown>): string | TroubleState {
  const token = fields.get("token");
  if (token === "ok" || token === "off") return { token };
  if (token === "slow") {
    const delayMs = fields.get("delayMs");
    if (!isWithin(delayMs, MAX_DELAY_MS))
      return `delayMs must be milliseconds up to ${MAX_DELAY_MS}.`;
    return { token, delayMs };
  }
  if (token === "unavailable") {
    const seconds = fields.get("retryAfterSeconds");
    if (seconds === undefined) return { token };
    if (!isWithin(seconds, MAX_DURATION_MS / 1000)) return "retryAfterSeconds must be up to 600.";
    return { token, retryAfterSeconds: seconds };
  }
  return "token must be ok, unavailable, slow or off.";
}

function isWithin(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}

import { createHmac } from "node:crypto";
import type { AdapterPayload, Provider as ProviderType } from "oidc-provider";
import { errors, Provider } from "oidc-provider";

/**
 * When a used refresh token is accepted once more. A page that is reloaded, or a network that breaks, loses an answer
 * whose request was carried out; without this the person signs in again. RFC 9700 §4.14.2 knows no such time, so what
 * it is for must hold with it: two holders of one refresh token are told from one that lost an answer.
 */
export interface RefreshReplay {
  /** How long after its first use; 0 for never. */
  readonly graceSeconds: number;
  /**
   * The refresh token that takes the place of another: always the same, so that a replay forks nothing, and known to
   * nobody without the issuer's secret.
   */
  readonly successorOf: (refreshToken: string) => string;
}

/** The replay rule of an issuer whose `secret` outlives restarts. */
export function createRefreshReplay(graceSeconds: number, secret: string): RefreshReplay {
  return {
    graceSeconds,
    successorOf: (refreshToken) =>
      createHmac("sha256", secret).update(`refresh token\n${refreshToken}`).digest("base64url"),
  };
}

/** A member of a stored token that oidc-provider does not know, and does not keep. */
const CAME_OF_REPLAY = "cameOfReplay";

/** A second use in the same moment is a race, not a lost answer. */
const RACE_SECONDS = 2;

/** What became of a used refresh token. */
export interface FirstUse {
  /** Epoch seconds. */
  readonly consumedAt: number;
  /** Whether the token that took its place was used. */
  readonly successorUsed: boolean;
  /**
   * Whether it is itself the answer to a replay. Then two may hold it, and one of them would follow the other from
   * replay to replay unseen, if this one could be used twice.
   */
  readonly cameOfReplay: boolean;
}

/**
 * Whether a token that was used before may be used again at `now`, in epoch seconds.
 *
 * @throws TemporarilyUnavailable while it may be a race with the first use: ask again in two seconds
 */
export function mayReplay(
  { graceSeconds }: RefreshReplay,
  { consumedAt, successorUsed, cameOfReplay }: FirstUse,
  now: number,
): boolean {
  const age = now - consumedAt;
  if (successorUsed || age >= graceSeconds) return false;
  if (age < RACE_SECONDS) {
    throw new errors.TemporarilyUnavailable(
      "the refresh token was used a moment ago; if the answer was lost, ask again in two seconds",
    );
  }
  return !cameOfReplay;
}

/** The payload of a token as if it had not been used. */
export function asUnused(payload: AdapterPayload): AdapterPayload {
  return { ...payload, consumed: undefined };
}

/** The payload of a token that is given out for the second time. */
export function asReplayed(payload: AdapterPayload): AdapterPayload {
  return { ...payload, [CAME_OF_REPLAY]: true };
}

/** Whether a payload is one of {@link asReplayed}. */
export function isReplayed(payload: AdapterPayload): boolean {
  return payload[CAME_OF_REPLAY] === true;
}

/** Makes each refresh token of `provider` the one successor of the token it replaces. */
export function deriveSuccessors(provider: ProviderType, replay: RefreshReplay): void {
  const { prototype } = provider.RefreshToken;
  const generate: unknown = Reflect.get(prototype, "generateTokenId");
  if (typeof generate !== "function") throw new Error("oidc-provider names its tokens otherwise.");
  const generateTokenId = function generateTokenId(this: unknown): unknown {
    const rotated = Provider.ctx?.oidc.entities.RotatedRefreshToken;
    return rotated === undefined ? generate.call(this) : replay.successorOf(rotated.jti);
  };
  Object.defineProperty(prototype, "generateTokenId", { value: generateTokenId });
}

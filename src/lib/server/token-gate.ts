import type { ContextValues, HandlerContext, Interceptor } from "@connectrpc/connect";
import type { DescService } from "@bufbuild/protobuf";
import { readMethodRule } from "../core/method-rule.ts";
import type { MethodRules } from "../core/method-rule.ts";
import type { Clock, Fetch } from "../core/ports.ts";
import { systemClock } from "../core/system.ts";
import { noteSeveralAuthorizations, readBearerToken } from "./bearer-token.ts";
import type { RawHeaders } from "./bearer-token.ts";
import { toConnectError } from "./challenge.ts";
import { enforceRule } from "./enforce-rule.ts";
import { createExpiringStream } from "./expiring-stream.ts";
import type { GateEvent } from "./gate-event.ts";
import { raceSignals } from "../core/wait.ts";
import { principalKey } from "./principal.ts";
import type { Principal } from "./principal.ts";
import { Refusal } from "./refusal.ts";
import { methodName, readServedRules } from "./served-rules.ts";
import { createTokenVerifier } from "./token-verifier.ts";
import type { IssuerOptions } from "./trusted-issuer.ts";

/** Whom to trust, and with what. */
export interface TokenGateOptions {
  /** Whose tokens are accepted; at least one. */
  readonly issuers: readonly IssuerOptions[];
  /** The names of this API in `aud`; a token must hold one of them. */
  readonly audience: string | readonly string[];
  /** The services that are served. Each method needs a rule. */
  readonly services: readonly DescService[];
  /** Rules in code; they win over the option `(connectrpc_oauth.v1.method)`. */
  readonly rules?: MethodRules;
  /** The `realm` of challenges (RFC 9110, section 11.5); by default the audience. */
  readonly realm?: string;
  /** How far the clocks of issuers and of this machine may be apart; by default 30. */
  readonly clockSkewSeconds?: number;
  /** How many verified tokens are remembered; by default 10,000; 0 is none. */
  readonly rememberedTokens?: number;
  /**
   * Asked at every call, before the rule: whether the token was revoked, for
   * example by its `tokenId`. When it throws, the call is refused as UNAVAILABLE.
   */
  readonly isRevoked?: (principal: Principal) => boolean | Promise<boolean>;
  /** Told what happened; what it throws is ignored. */
  readonly onEvent?: (event: GateEvent) => void;
  readonly clock?: Clock;
  /** Fetches the keys of issuers; by default that of the runtime. */
  readonly fetch?: Fetch;
}

/** Lets in who has a valid token, and nobody else. */
export interface TokenGate {
  /**
   * For `connectNodeAdapter({ requestGate })`: verifies the token before a byte
   * of the body is read, for gRPC, gRPC-Web and Connect. Rejects with a
   * `ConnectError` that has a challenge and an `ErrorInfo`.
   */
  readonly requestGate: (context: HandlerContext) => Promise<void>;
  /** For `connectNodeAdapter({ interceptors })`: ends streams when their token expires. */
  readonly interceptors: Interceptor[];
  /**
   * For `connectNodeAdapter({ contextValues })`, optional: refuses requests with
   * several `Authorization` fields, of which Node shows only the first.
   */
  readonly contextValues: (request: RawHeaders) => ContextValues;
  /**
   * For an emergency: forgets every verified token and every key, and fetches
   * keys anew. Rejects when an issuer does not give them; its tokens are then
   * refused as UNAVAILABLE until it does.
   */
  reload(): Promise<void>;
}

/**
 * A gate for a connect-node server. Denies by default. Throws a `TypeError`
 * that names every served method without a rule, or an option that cannot be.
 */
export function createTokenGate(options: TokenGateOptions): TokenGate {
  const { clock = systemClock, clockSkewSeconds = 30 } = options;
  const audiences = readAudiences(options);
  const skewMs = clockSkewSeconds * 1000;
  const onEvent = guarded(options.onEvent);
  const verifier = createTokenVerifier({ ...options, audiences, skewMs, clock, onEvent });
  const served = readServedRules(options.services, options.rules);
  const toError = (refusal: Refusal): Error =>
    toConnectError(refusal, options.realm ?? audiences.join(" "));

  async function admit(context: HandlerContext): Promise<void> {
    const rule =
      served.get(methodName(context.method)) ?? readMethodRule(context.method, options.rules);
    if (rule === undefined) throw new Refusal("METHOD_WITHOUT_RULE", "rule");
    if (rule.public) return;
    const token = readBearerToken(context.requestHeader, context.values);
    const verdict = verifier.verify(token);
    const principal =
      verdict instanceof Promise ? await raceSignals(verdict, context.signal) : verdict;
    enforceRule(rule, principal, clock.now(), skewMs);
    context.values.set(principalKey, principal);
  }

  return {
    async requestGate(context) {
      try {
        await admit(context);
      } catch (reason) {
        if (!(reason instanceof Refusal)) throw reason;
        onEvent(refusedEvent(context, reason));
        throw toError(reason);
      }
    },
    interceptors: [
      createExpiringStream({
        clock,
        skewMs,
        principalOf: (request) => request.contextValues.get(principalKey),
        expired: () => toError(new Refusal("ACCESS_TOKEN_EXPIRED", "exp")),
      }),
    ],
    contextValues: noteSeveralAuthorizations,
    reload: () => verifier.reload(),
  };
}

function readAudiences({ audience }: TokenGateOptions): readonly string[] {
  const audiences = [audience].flat();
  if (audiences.length > 0 && !audiences.includes("")) return audiences;
  throw new TypeError('The gate has no "audience": say what "aud" of a token must hold.');
}

function refusedEvent({ method }: HandlerContext, { reason, check, facts }: Refusal): GateEvent {
  return { type: "refused", method: methodName(method), reason, check, cause: facts.cause };
}

// A log that fails must not let anybody in, nor keep anybody out.
function guarded(listener: TokenGateOptions["onEvent"]): (event: GateEvent) => void {
  return (event) => {
    try {
      listener?.(event);
    } catch {
      return;
    }
  };
}

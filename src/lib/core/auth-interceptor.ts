import type { Interceptor } from "@connectrpc/connect";
import type { DescMethod } from "@bufbuild/protobuf";
import { assertAllowed, parseOrigins } from "./allowed-origins.ts";
import { AuthorizedCall } from "./authorized-call.ts";
import type { CallOptions, StepUp } from "./authorized-call.ts";
import { toCallError } from "./call-error.ts";
import { readMethodRule } from "./method-rule.ts";
import type { MethodRules } from "./method-rule.ts";
import type { Clock } from "./ports.ts";
import { systemClock } from "./system.ts";
import type { TokenSource } from "./token-source.ts";

/** Options of {@link createAuthInterceptor}. */
export interface AuthInterceptorOptions {
  /** Asked for a token before every attempt. */
  readonly tokenSource: TokenSource;
  /** The only origins that tokens go to, for example `["https://api.example.com"]`. */
  readonly origins: readonly string[];
  /** Rules for methods that nobody can annotate; they win over method options. */
  readonly rules?: MethodRules;
  /**
   * Signs the person in again when a server asks for it (RFC 9470); afterwards
   * the call is repeated once. Without it the call fails with `step-up-required`.
   */
  readonly stepUp?: StepUp;
  /** Sends tokens unencrypted to other machines. Everybody on the way can use them. */
  readonly dangerouslyAllowPlainHttp?: boolean;
  readonly clock?: Clock;
}

/**
 * A Connect interceptor that attaches an access token to every call, and
 * refreshes it and repeats the call once when the server answers
 * UNAUTHENTICATED (RFC 6750, section 3.1). Put it before interceptors that
 * should run for every attempt, and after those that should see one call.
 *
 * It leaves calls alone that bring their own `Authorization`, and methods whose
 * rule is public. A failed call always rejects with a ConnectError; when the
 * failure is one of tokens its `cause` is an `AuthError`. Throws `misconfigured`
 * at once for origins that are none.
 */
export function createAuthInterceptor(options: AuthInterceptorOptions): Interceptor {
  const { tokenSource, stepUp, clock = systemClock } = options;
  const origins = parseOrigins(options.origins, options.dangerouslyAllowPlainHttp ?? false);
  const rules = createRuleReader(options.rules);
  return (next) => async (request) => {
    const rule = rules(request.method);
    if (rule?.public === true || request.header.has("Authorization")) return next(request);
    try {
      assertAllowed(request.url, origins);
      const call: CallOptions = { tokenSource, stepUp, clock, rule };
      return await new AuthorizedCall(call, next, request).run();
    } catch (reason) {
      throw toCallError(reason);
    }
  };
}

function createRuleReader(table: MethodRules | undefined) {
  const known = new WeakMap<DescMethod, ReturnType<typeof readMethodRule>>();
  return (method: DescMethod) => {
    if (!known.has(method)) known.set(method, readMethodRule(method, table));
    return known.get(method);
  };
}

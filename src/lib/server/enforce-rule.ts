import type { MethodRule } from "../core/method-rule.ts";
import type { Principal } from "./principal.ts";
import { Refusal } from "./refusal.ts";

/**
 * Throws a `Refusal` when the principal is not what the rule demands. Scopes
 * come first: whoever may not call the method is not sent to sign in again.
 */
export function enforceRule(
  rule: MethodRule,
  principal: Principal,
  now: number,
  skewMs: number,
): void {
  const isGranted = (scope: string): boolean => principal.scopes.includes(scope);
  const hasAny = rule.anyScopes.length === 0 || rule.anyScopes.some(isGranted);
  if (!rule.scopes.every(isGranted) || !hasAny) {
    const scopes = hasAny ? rule.scopes : [...rule.scopes, ...rule.anyScopes];
    throw new Refusal("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "scope", { scopes });
  }
  const { acrValues, maxAgeSeconds } = rule;
  const ageMs = now - (principal.authTime ?? Number.NEGATIVE_INFINITY);
  const isKnown = acrValues.length === 0 || acrValues.includes(principal.acr ?? "");
  const isRecent = maxAgeSeconds === undefined || ageMs <= maxAgeSeconds * 1000 + skewMs;
  if (isKnown && isRecent) return;
  throw new Refusal("INSUFFICIENT_USER_AUTHENTICATION", isKnown ? "auth_time" : "acr", {
    ...(acrValues.length === 0 ? {} : { acrValues }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  });
}

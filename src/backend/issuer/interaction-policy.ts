import { interactionPolicy } from "oidc-provider";

/** When a person has to sign in or consent: oidc-provider's policy with one check made strict. */
export function createInteractionPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const checks = policy.get("login")?.checks;
  checks?.remove("max_age");
  checks?.add(maxAgeCheck());
  return policy;
}

/**
 * OpenID Connect Core §3.1.2.1 `max_age`. The built-in check lets a sign-in of the same second pass a `max_age` of 0,
 * which asks for a sign-in now.
 */
function maxAgeCheck(): interactionPolicy.Check {
  const { Check } = interactionPolicy;
  return new Check("max_age", "End-User authentication could not be obtained", (ctx) => {
    const { params, session, result } = ctx.oidc;
    const maxAge = params?.["max_age"];
    if (maxAge === undefined || result?.login !== undefined) return Check.NO_NEED_TO_PROMPT;
    if (session?.accountId === undefined) return Check.REQUEST_PROMPT;
    const seconds = Number(maxAge);
    return seconds === 0 || session.past(seconds) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
  });
}

import { describe, expect, it } from "vitest";
import type { KoaContextWithOIDC } from "oidc-provider";
import { createInteractionPolicy } from "../../../../src/backend/issuer/interaction-policy.ts";

interface Case {
  readonly maxAge?: number;
  readonly ageSeconds?: number;
  readonly justSignedIn?: boolean;
}

function asks({ maxAge, ageSeconds, justSignedIn = false }: Case) {
  const session = ageSeconds !== undefined && {
    accountId: "support",
    past: (seconds: number) => ageSeconds > seconds,
  };
  const oidc = {
    params: { max_age: maxAge },
    ...(session && { session }),
    ...(justSignedIn && { result: { login: { accountId: "support" } } }),
  };
  const check = createInteractionPolicy().get("login")?.checks.get("max_age");
  // The check reads nothing else of a request.
  return check?.check({ oidc } as unknown as KoaContextWithOIDC);
}

describe("max_age", () => {
  it.each<[string, Case, boolean]>([
    ["is not asked for", { ageSeconds: 1_000 }, false],
    ["is 0 and the person signed in within this second", { maxAge: 0, ageSeconds: 0 }, true],
    [
      "is 0 and the person has just answered this request",
      { maxAge: 0, ageSeconds: 0, justSignedIn: true },
      false,
    ],
    ["has passed", { maxAge: 300, ageSeconds: 301 }, true],
    ["has not passed", { maxAge: 300, ageSeconds: 300 }, false],
    ["is asked for and nobody is signed in", { maxAge: 300 }, true],
  ])("%s", (_when, request, expected) => {
    expect(asks(request)).toBe(expected);
  });
});

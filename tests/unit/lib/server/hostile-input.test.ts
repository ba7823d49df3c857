import * as fc from "fast-check";
import { createContextValues } from "@connectrpc/connect";
import { beforeAll, describe, expect, it } from "vitest";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../../../src/lib/server/index.ts";
import type { TokenGate } from "../../../../src/lib/server/index.ts";
import { enter } from "../../../support/server/gate-call.ts";
import { readRefusal } from "../../../support/server/refusals.ts";
import {
  createTestKey,
  jwksOf,
  rawToken,
  signToken,
  testAudience,
  testIssuer,
} from "../../../support/server/test-issuer.ts";
import type { TestKey } from "../../../support/server/test-issuer.ts";

// Eight properties; FUZZ_RUNS sets how many inputs for each. `npm run fuzz`: 100,000.
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 1_000);
const timeoutMs = 30_000 + numRuns * 5;
const refusalReasons =
  /^(CREDENTIALS_MISSING|ACCESS_TOKEN_(INVALID|EXPIRED|TYPE_UNSUPPORTED|AUDIENCE_MISMATCH))$/;

let gate: TokenGate;
let key: TestKey;
let good: string;

beforeAll(async () => {
  key = await createTestKey("key-1");
  good = await signToken(key);
  gate = createTokenGate({
    issuers: [{ issuer: testIssuer, keys: () => jwksOf(key) }],
    audience: testAudience,
    services: [UserService],
  });
});

/** What a header field may hold: visible Latin-1, spaces and tabs. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCodePoint(code)),
  maxLength: 400,
});
const tokenText = fc.string({
  unit: fc.constantFrom(..."ABCDEFabcdef0123456789-_.~+/=".split("")),
  maxLength: 400,
});
const scheme = fc.constantFrom("Bearer", "bearer", "BEARER", "bEaReR", "DPoP", "Basic", "");

describe("nobody gets in, and nothing breaks, with", () => {
  it("any header at all", { timeout: timeoutMs }, async () => {
    await expectAllRefused(headerText);
  });

  it("any scheme and any text in the place of a token", { timeout: timeoutMs }, async () => {
    await expectAllRefused(fc.tuple(scheme, tokenText).map((parts) => parts.join(" ")));
  });

  it("any JSON as header and claims", { timeout: timeoutMs }, async () => {
    const part = fc.oneof(
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    await expectAllRefused(
      fc.tuple(part, part, tokenText).map((parts) => `Bearer ${rawToken(...parts)}`),
    );
  });

  it("a header that says anything about a good token", { timeout: timeoutMs }, async () => {
    const names = fc.constantFrom("alg", "typ", "kid", "crit", "b64", "jwk", "jku", "x5u", "zip");
    const header = fc.dictionary(names, fc.jsonValue());
    await expectAllRefused(
      header.map((changes) => {
        const [, payload = "", signature = ""] = good.split(".");
        const parameters = { alg: "ES256", kid: "key-1", typ: "at+jwt", changed: 1, ...changes };
        return `Bearer ${Buffer.from(JSON.stringify(parameters)).toString("base64url")}.${payload}.${signature}`;
      }),
    );
  });

  it("a good token of which one character was changed", { timeout: timeoutMs }, async () => {
    const mutation = fc.tuple(fc.nat(good.length - 1), fc.constantFrom(..."Aa0-_.=+~/".split("")));
    await expectAllRefused(
      mutation
        .filter(([at, character]) => meansAnother(at, character))
        .map(([at, character]) => `Bearer ${good.slice(0, at)}${character}${good.slice(at + 1)}`),
    );
  });

  it("a good token that was cut", { timeout: timeoutMs }, async () => {
    const cut = fc.tuple(fc.nat(good.length - 1), fc.nat(good.length - 1));
    await expectAllRefused(
      cut
        .filter(([from, to]) => from < to && !(from === 0 && to >= good.length))
        .map(([from, to]) => `Bearer ${good.slice(from, to)}`),
    );
  });

  it("a good token with anything around it", { timeout: timeoutMs }, async () => {
    const around = fc.tuple(tokenText, tokenText).filter((parts) => parts.join("") !== "");
    await expectAllRefused(around.map(([before, after]) => `Bearer ${before}${good}${after}`));
  });

  it("several tokens in one header", { timeout: timeoutMs }, async () => {
    const separator = fc.constantFrom(", ", ",", "; ", " ", ", Bearer ", ", bearer ");
    await expectAllRefused(separator.map((text) => `Bearer ${good}${text}${good}`));
  });

  it("claims of any type, properly signed", { timeout: timeoutMs }, async () => {
    const name = fc.constantFrom("iss", "aud", "sub", "exp", "iat", "nbf", "jti", "client_id");
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 0, 1e300, "", [], {}));
    const runs = Math.min(numRuns, 1000);
    await fc.assert(
      fc.asyncProperty(name, value, async (claim, content) => {
        const token = await signToken(key, { claims: { [claim]: content } });
        const principal = await enter(gate, `Bearer ${token}`).catch((reason: unknown) => {
          expect(readRefusal(reason).reason).toMatch(refusalReasons);
        });
        // Who got in is somebody: changed or not, the claims were acceptable.
        if (principal === undefined) return;
        expect(principal.subject).not.toBe("");
        expect(principal.expiresAt).toBeGreaterThan(Date.now() - 30_000);
      }),
      { numRuns: runs },
    );
  });
});

it("a huge header is refused in bounded time", async () => {
  for (const text of ["A".repeat(1_000_000), "a.".repeat(500_000), "=".repeat(1_000_000)]) {
    const started = performance.now();
    await expect(enter(gate, `Bearer ${text}`)).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(100);
  }
});

it.each(["=", "==", "."])("a good token with %j behind it is refused", async (suffix) => {
  await expect(enter(gate, `Bearer ${good}${suffix}`)).rejects.toThrow("not valid");
});

it("a good token of more than 16 kB is refused before it is decoded", async () => {
  const long = await signToken(key, { claims: { groups: "g".repeat(13_000) } });
  const fits = await signToken(key, { claims: { groups: "g".repeat(10_000) } });
  expect(long.length).toBeGreaterThan(16_384);
  await expect(enter(gate, `Bearer ${long}`)).rejects.toThrow("not valid");
  expect((await enter(gate, `Bearer ${fits}`))?.subject).toBe("ada");
});

it("two header fields are refused, whichever is good and however they are spelt", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.mixedCase(fc.constant("authorization")), { minLength: 2, maxLength: 5 }),
      async (names) => {
        const rawHeaders = ["host", "authorization", ...names.flatMap((name) => [name, good])];
        const contextValues = gate.contextValues({ rawHeaders });
        const refusal = await enter(gate, `Bearer ${good}`, { contextValues }).catch(readRefusal);
        expect(refusal).toMatchObject({ reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED" });
      },
    ),
    { numRuns: 50 },
  );
  const contextValues = gate.contextValues({
    rawHeaders: ["Authorization", good, "x", "authorization"],
  });
  expect((await enter(gate, `Bearer ${good}`, { contextValues }))?.subject).toBe("ada");
});

it("the good token itself gets in, in any case of the scheme", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.mixedCase(fc.constant("bearer")),
      fc.integer({ min: 1, max: 5 }),
      async (word, spaces) => {
        const principal = await enter(gate, `${word}${" ".repeat(spaces)}${good}`, {
          contextValues: createContextValues(),
        });
        expect(principal?.subject).toBe("ada");
      },
    ),
    { numRuns: 100 },
  );
});

async function expectAllRefused(headers: fc.Arbitrary<string>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(headers, async (authorization) => {
      const outcome: unknown = await enter(gate, authorization).catch((reason: unknown) => reason);
      expect(readRefusal(outcome).reason).toMatch(refusalReasons);
    }),
    { numRuns },
  );
}

/** Whether a character at that place makes other bytes: base64url has bits to spare at an end. */
function meansAnother(at: number, character: string): boolean {
  const changed = good.slice(0, at) + character + good.slice(at + 1);
  const parts = (token: string): string[] =>
    token.split(".").map((part) => Buffer.from(part, "base64url").toString("hex"));
  return changed !== good && parts(changed).join(".") !== parts(good).join(".");
}

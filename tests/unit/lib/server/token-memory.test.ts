import { beforeAll, describe, expect, it } from "vitest";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../../../src/lib/server/index.ts";
import { createTokenMemory } from "../../../../src/lib/server/token-memory.ts";
import { enter } from "../../../support/server/gate-call.ts";
import {
  createTestKey,
  jwksOf,
  signToken,
  testAudience,
  testIssuer,
} from "../../../support/server/test-issuer.ts";
import type { TestKey } from "../../../support/server/test-issuer.ts";

let key: TestKey;

beforeAll(async () => {
  key = await createTestKey("key-1");
});

describe("the memory of tokens", () => {
  it("forgets what was used longest ago", () => {
    const memory = createTokenMemory<number>(2);
    memory.set("a", 1);
    memory.set("b", 2);
    expect(memory.get("a")).toBe(1);
    memory.set("c", 3);
    expect([memory.get("a"), memory.get("b"), memory.get("c")]).toEqual([1, undefined, 3]);
    expect(memory.size).toBe(2);
  });

  it("takes a second time for a use, not for another token", () => {
    const memory = createTokenMemory<number>(2);
    for (const value of [1, 2, 3]) memory.set("a", value);
    memory.set("b", 4);
    expect([memory.get("a"), memory.get("b"), memory.size]).toEqual([3, 4, 2]);
  });

  it("remembers nothing with no room", () => {
    const memory = createTokenMemory<number>(0);
    memory.set("a", 1);
    expect(memory.get("a")).toBeUndefined();
  });

  it("keeps the hash of a token, not the token", () => {
    const name = createTokenMemory<number>(1).keyOf("secret");
    expect(name).toBe("K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=");
  });
});

describe("a gate", () => {
  it("verifies a remembered token once, and one that differs in a character again", async () => {
    const gate = gateWith(10);
    const token = await signToken(key);
    const first = await enter(gate, `Bearer ${token}`);
    expect(await enter(gate, `bearer ${token}`)).toBe(first);
    const other = token.slice(0, -2) + (token.endsWith("AA") ? "BB" : "AA");
    await expect(enter(gate, `Bearer ${other}`)).rejects.toThrow("not valid");
  });

  it("verifies every time when it may remember nothing", async () => {
    const gate = gateWith(0);
    const token = await signToken(key);
    const first = await enter(gate, `Bearer ${token}`);
    expect(await enter(gate, `Bearer ${token}`)).not.toBe(first);
  });

  it("remembers no more than it may", async () => {
    const gate = gateWith(2);
    const [a = "", b = "", c = ""] = await Promise.all(
      ["a", "b", "c"].map((jti) => signToken(key, { claims: { jti } })),
    );
    const principals = [await enter(gate, `Bearer ${a}`), await enter(gate, `Bearer ${b}`)];
    await enter(gate, `Bearer ${c}`);
    expect(await enter(gate, `Bearer ${b}`)).toBe(principals[1]);
    expect(await enter(gate, `Bearer ${a}`)).not.toBe(principals[0]);
  });
});

function gateWith(rememberedTokens: number) {
  return createTokenGate({
    issuers: [{ issuer: testIssuer, keys: () => jwksOf(key) }],
    audience: testAudience,
    services: [UserService],
    rememberedTokens,
  });
}

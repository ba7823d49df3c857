import { describe, expect, it } from "vitest";
import { createRefreshReplay, mayReplay } from "../../../../src/backend/issuer/refresh-replay.ts";

const replay = createRefreshReplay(60, "secret");

describe("the successor of a refresh token", () => {
  it("is always the same, and has the length of a random one", () => {
    expect(replay.successorOf("token")).toBe(
      createRefreshReplay(60, "secret").successorOf("token"),
    );
    expect(replay.successorOf("token")).toMatch(/^[\w-]{43}$/);
  });

  it("depends on the token and on the issuer's secret", () => {
    const stranger = createRefreshReplay(60, "another secret");
    expect(replay.successorOf("other")).not.toBe(replay.successorOf("token"));
    expect(stranger.successorOf("token")).not.toBe(replay.successorOf("token"));
  });
});

describe("a used refresh token", () => {
  it.each([
    [2, false, true],
    [59, false, true],
    [60, false, false],
    [2, true, false],
    [0, true, false],
  ])(
    "after %i s, its successor used: %s, may be used again: %s",
    (age, successorUsed, expected) => {
      expect(mayReplay(replay, 1_000, successorUsed, 1_000 + age)).toBe(expected);
    },
  );

  it.each([0, 1])("that comes again after %i s may be a race: ask again", (age) => {
    expect(() => mayReplay(replay, 1_000, false, 1_000 + age)).toThrow("temporarily_unavailable");
  });

  it("is never accepted again without a time of grace", () => {
    expect(mayReplay(createRefreshReplay(0, "secret"), 1_000, false, 1_002)).toBe(false);
  });
});

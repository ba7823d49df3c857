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
  const use = { consumedAt: 1_000, successorUsed: false, cameOfReplay: false };

  it.each([
    [2, {}, true],
    [59, {}, true],
    [60, {}, false],
    [2, { successorUsed: true }, false],
    [0, { successorUsed: true }, false],
    [2, { cameOfReplay: true }, false],
    [59, { cameOfReplay: true }, false],
  ])("after %i s, %j, may be used again: %s", (age, changes, expected) => {
    expect(mayReplay(replay, { ...use, ...changes }, 1_000 + age)).toBe(expected);
  });

  it.each([
    [0, false],
    [1, false],
    [1, true],
  ])("that comes again after %i s may be a race: ask again (came of a replay: %s)", (age, came) => {
    expect(() => mayReplay(replay, { ...use, cameOfReplay: came }, 1_000 + age)).toThrow(
      "temporarily_unavailable",
    );
  });

  it("is never accepted again without a time of grace", () => {
    expect(mayReplay(createRefreshReplay(0, "secret"), use, 1_002)).toBe(false);
  });
});

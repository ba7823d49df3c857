import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  COMMANDS,
  commandOf,
  findCommands,
  keyWords,
} from "../../../../src/dashboard/features/commands/commands.ts";
import { describeEvent } from "../../../../src/dashboard/features/session/event-words.ts";
import { describeChanges } from "../../../../src/dashboard/features/user/user-changes.ts";
import { UserSchema, UserStatus } from "../../../../src/gen/user/v1/user_service_pb.ts";

describe("keys", () => {
  const free = { typing: false, singleKeys: true };
  const stroke = (key: string, mod = false) => ({
    key,
    ctrlKey: mod,
    metaKey: false,
    altKey: false,
  });

  test("mean a command outside of text fields only", () => {
    expect(commandOf(stroke("j"), free)).toBe("next-row");
    expect(commandOf(stroke("j"), { ...free, typing: true })).toBeUndefined();
    expect(commandOf(stroke("k", true), { ...free, typing: true })).toBe("open-palette");
    expect(commandOf(stroke("Escape"), { ...free, typing: true })).toBe("close-user");
  });

  test("alone mean nothing when single keys are switched off", () => {
    for (const key of ["/", "j", "k", "?"]) {
      expect(commandOf(stroke(key), { ...free, singleKeys: false })).toBeUndefined();
    }
    expect(commandOf(stroke("i", true), { ...free, singleKeys: false })).toBe("toggle-inspector");
  });

  test("with another meaning are left alone", () => {
    expect(commandOf(stroke("Enter"), free)).toBeUndefined();
    expect(commandOf(stroke("j", true), free)).toBeUndefined();
    expect(commandOf({ ...stroke("j"), altKey: true }, free)).toBeUndefined();
  });

  test("belong to one command each", () => {
    const keys = COMMANDS.flatMap(({ key }) => key ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyWords("mod+k", false)).toBe("Ctrl K");
    expect(keyWords("mod+k", true)).toBe("⌘ K");
  });

  test("are not needed: the palette finds a command by its words in any order", () => {
    expect(findCommands("out SIGN").map(({ id }) => id)).toEqual(["sign-out"]);
    expect(findCommands("log out").map(({ id }) => id)).toEqual(["sign-out"]);
    expect(findCommands("")).toHaveLength(COMMANDS.filter(({ inPalette }) => inPalette).length);
  });
});

describe("the timeline says", () => {
  test.each([
    [
      { type: "renewed", reason: "expiring", durationMs: 38.4, waiting: 0 } as const,
      "Renewed in the background, 38 ms. No call waited.",
    ],
    [
      { type: "renewed", reason: "rejected", durationMs: 5, waiting: 2 } as const,
      "Renewed because the service refused the token, 5 ms. 2 calls waited.",
    ],
    [{ type: "adopted" } as const, "Renewed by another tab; this tab took it over."],
    [
      {
        type: "renewal-failed",
        code: "unavailable",
        status: 503,
        oauthError: undefined,
        nextAttemptAt: 2000,
        served: true,
      } as const,
      "The token endpoint answered 503. Kept the current token. Next attempt after 2.0 s.",
    ],
    [
      {
        type: "renewal-failed",
        code: "unavailable",
        status: 503,
        oauthError: "temporarily_unavailable",
        nextAttemptAt: undefined,
        served: false,
      } as const,
      "The token endpoint answered 503. Calls wait.",
    ],
    [
      { type: "interaction-required", oauthError: "invalid_grant" } as const,
      "A new sign-in is needed.",
    ],
  ])("%o", (event, text) => {
    expect(describeEvent({ at: 0, ...event }).text).toBe(text);
  });
});

describe("a change of a user", () => {
  const ada = create(UserSchema, {
    id: "user123",
    name: "Ada",
    status: UserStatus.ACTIVE,
    roles: ["editor"],
    version: 1n,
  });

  test("is told in words, one line for each", () => {
    const after = { ...ada, status: UserStatus.LOCKED, roles: ["billing"], version: 2n };
    expect(describeChanges(ada, after)).toEqual([
      "Status is now locked",
      "Role billing added",
      "Role editor removed",
    ]);
  });

  test("that this build does not understand is told as well", () => {
    expect(describeChanges(ada, { ...ada, version: 2n })).toEqual(["Changed"]);
    expect(describeChanges(ada, ada)).toEqual([]);
  });
});

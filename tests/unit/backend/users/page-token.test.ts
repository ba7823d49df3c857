import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createPageTokens } from "../../../../src/backend/users/page-token.ts";

const state = {
  position: { source: 1, key: ["müller", "user7"] },
  total: { size: 12, isEstimated: false },
};

describe("page tokens", () => {
  const tokens = createPageTokens(randomBytes(32));

  it("bring back what was sealed, for the same arguments", () => {
    expect(tokens.open(tokens.seal(state, "arguments"), "arguments")).toEqual(state);
  });

  it("are URL-safe and show nothing of what they hold", () => {
    const token = tokens.seal(state, "arguments");
    expect(token).toMatch(/^[\w-]+$/);
    expect(Buffer.from(token, "base64url").toString("utf8")).not.toContain("user7");
  });

  it("are refused with other arguments, another key, and any change", () => {
    const token = tokens.seal(state, "arguments");
    expect(tokens.open(token, "other arguments")).toBeUndefined();
    expect(createPageTokens(randomBytes(32)).open(token, "arguments")).toBeUndefined();
    for (let index = 0; index < token.length; index += 1) {
      const other = token[index] === "A" ? "B" : "A";
      const altered = token.slice(0, index) + other + token.slice(index + 1);
      expect(tokens.open(altered, "arguments")).toBeUndefined();
    }
  });

  it.each(["x", "!!!!", "A".repeat(28), "A".repeat(60), "A".repeat(100_000), " "])(
    "refuse %.20s, which nobody sealed",
    (token) => {
      expect(tokens.open(token, "arguments")).toBeUndefined();
    },
  );

  it("are refused with padding or blanks around them", () => {
    const token = tokens.seal(state, "arguments");
    for (const altered of [`${token}=`, ` ${token}`, `${token}\n`, token.slice(0, -1)]) {
      expect(tokens.open(altered, "arguments")).toBeUndefined();
    }
  });
});

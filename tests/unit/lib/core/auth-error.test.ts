import { describe, expect, it } from "vitest";
import { AuthError } from "../../../../src/lib/core/index.ts";

describe("AuthError.from", () => {
  it("gives back the error itself", () => {
    const error = new AuthError("signed-out", "Nobody is signed in.");
    expect(AuthError.from(error)).toBe(error);
  });

  it("finds the error in the chain of causes", () => {
    const error = new AuthError("scope-missing", "No.", { scopes: ["users.read"] });
    const wrapped = new Error("outer", { cause: new Error("middle", { cause: error }) });
    expect(AuthError.from(wrapped)).toBe(error);
  });

  it("makes anything else a transient failure that keeps its cause", () => {
    const cause = new TypeError("fetch failed");
    const error = AuthError.from(cause);
    expect(error.code).toBe("unavailable");
    expect(error.cause).toBe(cause);
  });

  it("does not repeat the text of a foreign error, which may hold a secret", () => {
    expect(AuthError.from(new Error("token eyJhbGci")).message).not.toContain("eyJhbGci");
  });

  it("knows an error of another copy of this package", () => {
    const foreign = Object.assign(new Error("x"), {
      name: "AuthError",
      code: "signed-out",
      details: {},
    });
    expect(foreign instanceof AuthError).toBe(true);
    expect(new Error("x") instanceof AuthError).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import {
  createSecretVerifier,
  hashClientSecret,
} from "../../../../src/backend/issuer/client-secrets.ts";

describe("client secrets", () => {
  it("are stored as scrypt with a salt of their own, and never in the clear", async () => {
    const [first, second] = await Promise.all([
      hashClientSecret("s3cret"),
      hashClientSecret("s3cret"),
    ]);
    expect(first).toMatch(/^scrypt\$16384\$8\$1\$/);
    expect(first).not.toContain("s3cret");
    expect(second).not.toBe(first);
  });

  it("are told from every other one, the first time and when remembered", async () => {
    const verifier = createSecretVerifier();
    const hash = await hashClientSecret("s3cret");
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await verifier.verify(hash, "s3cret")).toBe(true);
      expect(await verifier.verify(hash, "s3cre")).toBe(false);
      expect(await verifier.verify(hash, "")).toBe(false);
    }
  });

  it.each([[""], ["s3cret"], ["scrypt$1$8$1$c2FsdA$aGFzaA"], ["scrypt$16384$8$1$$"], ["bcrypt$x"]])(
    "match no hash that is not ours: %s",
    async (hash) => {
      expect(await createSecretVerifier().verify(hash, "s3cret")).toBe(false);
      expect(await createSecretVerifier().verify(hash, "")).toBe(false);
    },
  );
});

import { createTestKey } from "../../support/server/test-issuer.ts";
import type { TestKey } from "../../support/server/test-issuer.ts";
import type { DefectKeys } from "../../support/server/token-defects.ts";

/** The keys that tokens with and without a defect are signed with. */
export async function makeKeys(): Promise<DefectKeys> {
  const [trusted, impostor, stranger, unlisted]: TestKey[] = await Promise.all([
    createTestKey("key-1"),
    createTestKey("key-1"),
    createTestKey("key-2"),
    createTestKey("key-3", "PS256"),
  ]);
  if (!trusted || !impostor || !stranger || !unlisted) throw new Error("A key is missing.");
  return { trusted, impostor, stranger, unlisted };
}

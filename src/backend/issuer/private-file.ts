import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";

const OWNER_ONLY = 0o600;

/** Replaces a file as a whole, readable by its owner only; a crash leaves the old or the new content, never half. */
export function replacePrivateFile(path: string, content: string): void {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, content, { mode: OWNER_ONLY, flag: "wx" });
  renameSync(draft, path);
}

/**
 * Reads a file, making it first when it is missing. When two processes start at once, both end with the content of the
 * one that came first.
 */
export async function readOrCreatePrivateFile(
  path: string,
  create: () => Promise<string>,
): Promise<string> {
  if (!existsSync(path)) {
    const draft = `${path}.${randomUUID()}`;
    writeFileSync(draft, await create(), { mode: OWNER_ONLY, flag: "wx" });
    linkUnlessPresent(draft, path);
    rmSync(draft);
  }
  return readFileSync(path, "utf8");
}

/** Unlike a rename, a link fails when the target exists, and unlike an exclusive write it appears with its content. */
function linkUnlessPresent(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

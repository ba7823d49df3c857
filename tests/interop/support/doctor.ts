import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { runCli } from "../../support/cli.ts";

/** Has `user-lookup doctor` examine a deployment with a good token: it must find nothing. */
export async function expectHealthy(siteUrl: string, token: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  const file = join(folder, "token");
  writeFileSync(file, `${token}\n`);
  try {
    const run = await runCli(["doctor", "--site", siteUrl, "--token-file", file, "--json"]);
    expect({ out: run.out, err: run.err }).toEqual({ out: [], err: [] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

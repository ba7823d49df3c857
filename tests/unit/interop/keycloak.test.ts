import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findKeycloak } from "../../interop/keycloak/server.ts";

let folder = "";

/** Puts a program first on the PATH that prints `text`. */
function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\necho '${text}' >&2\nexit 1\n`);
  chmodSync(join(folder, name), 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "programs-"));
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
  program("unzip", "");
  program("mvn", "nothing to be had");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test.each([
  ['openjdk version "11.0.2" 2019-01-15', /Java 17 or newer, and java says version "11/],
  ['java version "1.8.0_392"', /says version "1\.8/],
  ["Unable to locate a Java Runtime.", /says no version/],
])("a Java that Keycloak cannot use is told by name: %s", async (told, missing) => {
  program("java", told);
  expect(await findKeycloak()).toEqual({ missing: expect.stringMatching(missing) });
});

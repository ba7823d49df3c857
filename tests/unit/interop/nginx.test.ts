import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findNginx } from "../../interop/site/nginx.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "programs-"));
  const told = `nginx version: nginx/1.22.1 --http-client-body-temp-path=${folder}/body --with-debug`;
  writeFileSync(join(folder, "nginx"), `#!/bin/sh\necho '${told}' >&2\n`);
  chmodSync(join(folder, "nginx"), 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("an nginx that only root can start is told by name", async () => {
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  expect(await findNginx()).toEqual({ missing: expect.stringContaining(`${folder}/body`) });
});

test("an nginx that was started before can be started by anybody", async () => {
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  mkdirSync(join(folder, "body"));
  expect(await findNginx()).toEqual({ version: "1.22.1", program: join(folder, "nginx") });
});

test("root can start an nginx", async () => {
  vi.spyOn(process, "getuid").mockReturnValue(0);
  expect(await findNginx()).toMatchObject({ version: "1.22.1" });
});

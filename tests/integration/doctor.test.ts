import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseSiteConfig } from "../../src/site/index.ts";
import type { Finding, SiteConfig } from "../../src/site/index.ts";
import { runCli } from "../support/cli.ts";
import { startDeployment } from "../support/doctor/deployment.ts";
import type { TestDeployment } from "../support/doctor/deployment.ts";
import { faults } from "../support/doctor/faults.ts";
import type { Fault } from "../support/doctor/fault-proxy.ts";

let folder = "";
let deployment: TestDeployment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
  const root = join(folder, "site");
  mkdirSync(join(root, "assets"), { recursive: true });
  writeFileSync(
    join(root, "index.html"),
    '<!doctype html><script type="module" src="/assets/index-1a2b.js"></script>',
  );
  writeFileSync(join(root, "assets", "index-1a2b.js"), "console.log(1);");
  deployment = await startDeployment(root);
});

afterEach(() => deployment.heal());

afterAll(async () => {
  await deployment.close();
  rmSync(folder, { recursive: true });
});

/** Runs the program, and reads what it found. */
async function examine(config: SiteConfig = deployment.config, args: readonly string[] = []) {
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify(config));
  const site = ["--site", deployment.site.url];
  const run = await runCli(["doctor", "--config", file, ...site, "--json", ...args]);
  return { ...run, findings: run.out.map((line) => JSON.parse(line) as Finding) };
}

/** The site serves the configuration that is examined. */
function serving(config: SiteConfig): Fault {
  return {
    answer(answer, { url }) {
      if (url === "/config.json") answer.body = Buffer.from(JSON.stringify(config));
    },
  };
}

describe("a healthy deployment", () => {
  test("has nothing wrong", async () => {
    const { findings, code, err } = await examine();
    expect(findings).toEqual([]);
    expect(code).toBe(0);
    expect(err).toEqual([]);
  });

  test("is said to be so in words", async () => {
    const { out, code } = await runCli(["doctor", "--site", deployment.site.url]);
    expect(out).toEqual(["Nothing is wrong."]);
    expect(code).toBe(0);
  });

  test("can be examined in part without the address of the site", async () => {
    const file = join(folder, "config.json");
    writeFileSync(file, JSON.stringify(deployment.config));
    const { out, err, code } = await runCli(["doctor", "--config", file]);
    expect([code, out]).toEqual([0, ["Nothing is wrong."]]);
    expect(err).toEqual([expect.stringContaining("Without --site")]);
  });
});

describe("each fault is found by its name, and nothing else is", () => {
  test.each(faults)("$code: $what", async ({ code, at, fault, config: changes }) => {
    const config = parseSiteConfig({ ...deployment.config, ...changes });
    if (changes !== undefined) deployment.site.spoil(serving(config));
    deployment[at].spoil(fault);
    const run = await examine(config);
    expect(run.findings.map((each) => each.code)).toEqual([code]);
    expect(run.code).toBe(1);
    for (const { problem, remedy } of run.findings) {
      expect(problem).toMatch(/^[^!]{10,}\.$/);
      expect(remedy).toMatch(/^[^!]{10,}\.$/);
    }
  });
});

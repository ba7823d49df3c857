import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { holds, isInstalled } from "../../../scripts/setup/dependencies.mjs";
import { checkNode } from "../../../scripts/setup/node-runtime.mjs";

describe("Node's version", () => {
  test.each(["20.19.0", "20.20.2", "22.0.0", "24.21.0", "26.0.0-nightly"])(
    "%s will do",
    (version) => {
      expect(() => {
        checkNode(version);
      }).not.toThrow();
    },
  );

  test.each(["12.22.0", "18.20.8", "20.18.3"])("%s is too old, in words", (version) => {
    expect(() => {
      checkNode(version);
    }).toThrow(`Node ${version} is too old; install Node 20.19.0 or newer`);
  });
});

describe("what is installed", () => {
  const wanted = {
    "": {},
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/b-darwin": { version: "1.0.0", integrity: "sha512-b", optional: true },
  };

  test("is enough when only another platform's packages lack", () => {
    expect(holds({ "node_modules/a": wanted["node_modules/a"] }, wanted)).toBe(true);
  });

  test("is not enough when a package lacks, is another version or other bytes", () => {
    expect(holds({}, wanted)).toBe(false);
    for (const change of [{ version: "1.0.1" }, { integrity: "sha512-z" }]) {
      const present = { "node_modules/a": { ...wanted["node_modules/a"], ...change } };
      expect(holds(present, wanted)).toBe(false);
    }
  });
});

describe("a folder", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "setup-"));
    mkdirSync(join(folder, "node_modules"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(file: string, packages: unknown) {
    writeFileSync(join(folder, file), JSON.stringify({ packages }));
  }

  test("with an interrupted install is not installed", () => {
    write("package-lock.json", {});
    expect(isInstalled(folder)).toBe(false);
  });

  test("is installed when npm's list agrees with the lockfile, and no longer when that changes", () => {
    write("package-lock.json", { "node_modules/a": { version: "1.0.0" } });
    write("node_modules/.package-lock.json", { "node_modules/a": { version: "1.0.0" } });
    expect(isInstalled(folder)).toBe(true);
    write("package-lock.json", { "node_modules/a": { version: "2.0.0" } });
    expect(isInstalled(folder)).toBe(false);
  });

  test("with a broken lockfile is told by name", () => {
    writeFileSync(join(folder, "package-lock.json"), "<<<<<<< ours");
    expect(() => isInstalled(folder)).toThrow("package-lock.json cannot be read");
  });
});

import { mkdirSync, rmSync } from "node:fs";
import { command } from "./command.ts";
import { oneCheck, playwrightCounts, vitestCounts } from "./counts.ts";
import { compareGenerated } from "./generated.ts";
import type { Step } from "./schedule.ts";

const reports = ".cache/test";
const prettier = [
  "prettier",
  "--check",
  ".",
  "--cache",
  "--cache-location=.cache/prettier",
] as const;
const breaking = ["buf", "breaking", "--against", "proto/baseline.binpb"] as const;

/** Every step of `npm test`, in the order in which they are best run. */
export function allSteps(live: boolean): readonly Step[] {
  const check = checkStep(live);
  const suite = suiteStep(live);
  return [
    check("types", "every room compiles with the types it may know", 2, ["tsc", "-b"]),
    check("lint", "no warning of the linter", 2, ["oxlint", "--type-aware", "--deny-warnings"]),
    check("format", "every file is formatted", 1, prettier),
    check("proto-lint", "the contract follows the style guide", 1, ["buf", "lint"]),
    check("proto-format", "the contract is formatted", 1, ["buf", "format", "-d", "--exit-code"]),
    check("proto-breaking", "no client of the contract breaks", 1, breaking),
    {
      name: "generated",
      title: "src/gen is what the contract generates",
      cores: 1,
      run: compareGenerated,
    },
    check("build", "the site and the library build", 2, ["npm", "run", "--silent", "build"]),
    check("size", "the bundles stay within their budgets", 1, ["node", "scripts/bundle-size.ts"], {
      needs: ["build"],
    }),
    ...["unit", "contract", "simulation", "integration"].map((name) => suite(name)),
    suite("package", { needs: ["build"] }),
    browserStep(live),
    interopStep(live),
  ];
}

function checkStep(live: boolean) {
  return (
    name: string,
    title: string,
    cores: 1 | 2,
    argv: readonly [string, ...string[]],
    { needs = [] as readonly string[] } = {},
  ): Step => ({
    name,
    title,
    cores,
    needs,
    async run() {
      const exit = await command(argv, { live });
      return { counts: oneCheck(exit.code === 0), output: exit.output };
    },
  });
}

function suiteStep(live: boolean) {
  return (name: string, { needs = [] as readonly string[] } = {}): Step => ({
    name,
    title: `tests/${name}`,
    cores: 1,
    needs,
    async run() {
      const report = freshReport(name);
      const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
      const exit = await command(["vitest", "run", "--project", name, ...reporters], { live });
      return { counts: vitestCounts(report, exit.code), output: exit.output };
    },
  });
}

function browserStep(live: boolean): Step {
  return {
    name: "e2e",
    title: "tests/e2e, in a real browser",
    // Three pages at a time with their servers: beside other suites a page may be too late
    // for what a person would see at once.
    cores: 2,
    needs: ["build"],
    async run() {
      const report = freshReport("e2e");
      const exit = await command(["playwright", "test"], { live, timeoutMs: 2_400_000 });
      return {
        counts: playwrightCounts(report, exit.code),
        output: exit.output,
        ...skippedByName(exit.output, live),
      };
    },
  };
}

/** The suites of `npm run test:interop`; what they skip is named in any case. */
function interopStep(live: boolean): Step {
  return {
    name: "interop",
    title: "tests/interop, real peers",
    // Tokens of seconds and a Java program: nothing else may take the machine's time.
    cores: 2,
    needs: ["build"],
    onlyInCi: true,
    async run() {
      const report = freshReport("interop");
      const argv = ["node", "tests/interop/run.ts", "--report", report] as const;
      const exit = await command(argv, { live, timeoutMs: 2_400_000 });
      return {
        counts: vitestCounts(report, exit.code),
        output: exit.output,
        ...skippedByName(exit.output, live),
      };
    },
  };
}

/** What a suite could not try on this machine; who watches has read it already. */
function skippedByName(output: string, live: boolean): { note?: string } {
  const skipped = output.split("\n").filter((line) => line.startsWith("skipped  "));
  return skipped.length > 0 && !live ? { note: skipped.join("\n") } : {};
}

/** The name of a report that does not exist yet: an old one must not count. */
function freshReport(name: string): string {
  const file = `${reports}/${name}.json`;
  mkdirSync(reports, { recursive: true });
  rmSync(file, { force: true });
  return file;
}

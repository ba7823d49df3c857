import { readFileSync } from "node:fs";

/** What a step found. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The counts of one check: it holds or it does not. */
export function oneCheck(holds: boolean): Counts {
  return { passed: holds ? 1 : 0, failed: holds ? 0 : 1, skipped: 0 };
}

/** Adds counts up. */
export function sum(all: readonly Counts[]): Counts {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) {
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  return total;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * The counts of a vitest report. A file that could not be loaded is a failure,
 * and so is an exit code that no failed test explains.
 */
export function vitestCounts(reportFile: string, exitCode: number): Counts {
  const report = readJson(reportFile) as VitestReport | undefined;
  if (report === undefined) return oneCheck(false);
  let failed = 0;
  for (const file of report.testResults) {
    const inFile = file.assertionResults.filter((test) => test.status === "failed").length;
    failed += inFile === 0 && file.status === "failed" ? 1 : inFile;
  }
  return explained(exitCode, {
    passed: report.numPassedTests,
    failed,
    skipped: report.numPendingTests + report.numTodoTests,
  });
}

interface PlaywrightReport {
  readonly errors: readonly unknown[];
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}

/** The counts of a Playwright report; a flaky test is a failed one. */
export function playwrightCounts(reportFile: string, exitCode: number): Counts {
  const report = readJson(reportFile) as PlaywrightReport | undefined;
  if (report === undefined) return oneCheck(false);
  const { expected, unexpected, flaky, skipped } = report.stats;
  return explained(exitCode, {
    passed: expected,
    failed: unexpected + flaky + report.errors.length,
    skipped,
  });
}

function explained(exitCode: number, counts: Counts): Counts {
  const hidden = exitCode !== 0 && counts.failed === 0;
  const empty = counts.passed + counts.failed + counts.skipped === 0;
  return hidden || empty ? { ...counts, failed: counts.failed + 1 } : counts;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

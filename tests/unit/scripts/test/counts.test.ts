import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { playwrightCounts, sum, vitestCounts } from "../../../../scripts/test/counts.ts";

const passedFile = { status: "passed", assertionResults: [{ status: "passed" }] };

test("the counts of vitest are those of its report", () => {
  const report = file({
    numPassedTests: 7,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [
      passedFile,
      { status: "failed", assertionResults: [{ status: "failed" }, { status: "failed" }] },
    ],
  });
  expect(vitestCounts(report, 1)).toEqual({ passed: 7, failed: 2, skipped: 2 });
});

test("a test file that cannot be loaded counts as a failure", () => {
  const testResults = [{ status: "failed", assertionResults: [] }];
  const report = file({ numPassedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults });
  expect(vitestCounts(report, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("an exit code that no failed test explains counts as a failure", () => {
  const testResults = [passedFile];
  const report = file({ numPassedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults });
  expect(vitestCounts(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(vitestCounts(report, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
});

test("a suite that ran no test counts as a failure", () => {
  const empty = { numPassedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  expect(vitestCounts(file(empty), 0).failed).toBe(1);
});

test("a report that is missing or not readable counts as a failure", () => {
  expect(vitestCounts("no/such/report.json", 0).failed).toBe(1);
  expect(playwrightCounts(file("{"), 0).failed).toBe(1);
});

test("a flaky browser test and an error outside of any test count as failures", () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 0 };
  const report = file({ stats, errors: [{}] });
  expect(playwrightCounts(report, 1)).toEqual({ passed: 3, failed: 3, skipped: 0 });
});

test("counts add up", () => {
  const counts = { passed: 2, failed: 1, skipped: 1 };
  expect(sum([counts, counts])).toEqual({ passed: 4, failed: 2, skipped: 2 });
});

function file(content: object | string): string {
  const folder = mkdtempSync(join(tmpdir(), "counts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "report.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

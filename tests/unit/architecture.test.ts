import { expect, test } from "vitest";
import {
  median,
  sizesOf,
  sizeViolations,
  wordViolations,
} from "../support/architecture/house-style.ts";
import { describe as format, inspect, isWritten } from "../support/architecture/inspect.ts";
import { readSources } from "../support/architecture/source-file.ts";

const root = new URL("../..", import.meta.url).pathname;

test("the tree keeps to the rules of the house", () => {
  expect(format(inspect(root))).toEqual([]);
});

test("scripts and tests keep to the size of a file and name no machine", () => {
  const scripts = readSources(root, "scripts");
  const tests = readSources(root, "tests");
  const violations = [
    ...scripts.flatMap(sizeViolations),
    // A suite is one function around its tests: only its files count.
    ...tests.flatMap(sizeViolations).filter((each) => each.message.startsWith("This file")),
    ...[...scripts, ...tests].flatMap((file) => wordViolations(file.path, file.text)),
  ];
  expect(format(violations)).toEqual([]);
});

test("half of the files have under 100 lines, and half of the functions under 15", () => {
  const { files, functions } = sizesOf(readSources(root, "src").filter(isWritten));
  const sizes = { file: median(files), function: median(functions) };
  const lines = files.reduce((total, each) => total + each, 0);
  console.info(
    `src: ${lines} lines in ${files.length} files, median ${sizes.file}, longest ${Math.max(...files)}; ` +
      `${functions.length} functions, median ${sizes.function}, longest ${Math.max(...functions)}`,
  );
  expect(sizes.file).toBeLessThan(100);
  expect(sizes.function).toBeLessThan(15);
});

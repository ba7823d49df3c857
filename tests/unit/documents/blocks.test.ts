import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { parseOptions } from "../../../src/cli/options.ts";
import { parseSiteConfig } from "../../../src/site/index.ts";
import {
  anchorsOf,
  blocksIn,
  documentPaths,
  readDocument,
} from "../../support/documents/documents.ts";

test("every configuration in the documents is one that the dashboard accepts", () => {
  const configurations = blocksIn("json").filter(({ text }) => text.includes('"issuer"'));
  expect(configurations.length).toBeGreaterThanOrEqual(7);
  for (const { where, text } of configurations) {
    expect(() => parseSiteConfig(JSON.parse(text)), where).not.toThrow();
  }
});

test("every block of JSON is JSON", () => {
  for (const { where, text } of blocksIn("json")) {
    expect(() => void JSON.parse(text), where).not.toThrow();
  }
});

test("every command in the documents is one that exists", () => {
  const scripts = scriptNames();
  const unknown = blocksIn("sh").flatMap(({ where, text }) =>
    commandsOf(text)
      .map((words) => problemOf(words, scripts))
      .filter((problem) => problem !== undefined)
      .map((problem) => `${where}: ${problem}`),
  );
  expect(unknown).toEqual([]);
});

test("the check of commands finds one that does not exist", () => {
  const check = (line: string) => commandsOf(line).map((words) => problemOf(words, scriptNames()));
  expect(check("npm run nothing\nnode examples/nothing.ts\nrm -rf x # never")).toEqual([
    "there is no script nothing",
    "there is no file examples/nothing.ts",
    "rm is no command of ours",
  ]);
  expect(check("npx user-lookup doctor --confg x")[0]).toContain("confg");
  expect(check("A=1 npm start -- --tls   # both\nnpm run -s lookup -- user123")).toEqual([
    undefined,
    undefined,
  ]);
});

test("every block of YAML is indented by twos, a key or an entry a line", () => {
  for (const { where, text } of blocksIn("yaml")) {
    for (const line of text.trimEnd().split("\n")) {
      expect(line, where).toMatch(/^(  )*(- )?([\w.-]+:( \S.*)?|\S+)$/);
    }
  }
});

test("every link to a heading leads to one", () => {
  const broken = documentPaths().flatMap((path) =>
    [...readDocument(path).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)]
      .filter(([, file = "", anchor = ""]) => !anchorsOf(fileOf(path, file)).has(anchor))
      .map(([link]) => `${path}: ${link}`),
  );
  expect(broken).toEqual([]);
});

function fileOf(path: string, file: string): string {
  return file === "" ? path : new URL(file, `file:///${path}`).pathname.slice(1);
}

function scriptNames(): ReadonlySet<string> {
  const manifest: { readonly scripts: object } = JSON.parse(readDocument("package.json"));
  return new Set([...Object.keys(manifest.scripts), "install", "ci", "exec"]);
}

/** The words of each command, without variables in front and comments behind. */
function commandsOf(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").replace(/^(\w+=\S* )+/, ""))
    .filter((line) => line.trim() !== "")
    .map((line) => line.trim().split(/\s+/));
}

/** What is wrong with a command, if anything. */
function problemOf(words: readonly string[], scripts: ReadonlySet<string>): string | undefined {
  const [program = "", ...args] = words;
  switch (program) {
    case "npm": {
      const [first = "", ...rest] = args.filter((word) => word !== "-s");
      const script = first === "run" ? (rest[0] ?? "") : first;
      if (!scripts.has(script)) return `there is no script ${script}`;
      return script === "lookup" ? lookupProblem(rest.slice(rest.indexOf("--") + 1)) : undefined;
    }
    case "npx":
      return args[0] === "user-lookup"
        ? lookupProblem(args.slice(1))
        : `npx ${args[0]} is not ours`;
    case "node": {
      const file = args.find((word) => !word.startsWith("-")) ?? "";
      return existsSync(file) ? undefined : `there is no file ${file}`;
    }
    case "git":
    case "cd":
    case "curl":
      return undefined;
    default:
      return `${program} is no command of ours`;
  }
}

function lookupProblem(args: readonly string[]): string | undefined {
  try {
    parseOptions({ args, env: {} });
    return undefined;
  } catch (error) {
    return String(error);
  }
}

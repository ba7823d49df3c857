import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CodeBlock } from "./code-blocks.ts";
import { blocksOf, codeBlocks, isForNode, writeBlocks } from "./code-blocks.ts";
import {
  createConsumer,
  pack,
  peers,
  root,
  assertRuns,
  temporaryFolder,
  useRepositoryPrograms,
} from "./package-under-test.ts";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly version: string;
  readonly exports: Record<string, string | object>;
  readonly bin: Record<string, string>;
};
const folder = temporaryFolder();
const compilers = [
  ["TypeScript 7", "tsc"],
  ["TypeScript 5", join(peers, "typescript-5/bin/tsc")],
] as const;
let tarball = "";

beforeAll(async () => {
  useRepositoryPrograms();
  tarball = await pack(folder.path);
}, 120_000);
afterAll(() => folder.remove());

describe("the tarball", () => {
  test("has what the exports name, with types, and nothing else", async () => {
    const files = (await assertRuns(folder.path, "tar", "-tzf", tarball))
      .trim()
      .split("\n")
      .map((line) => line.replace("package/", ""))
      .toSorted();
    const scripts = files.filter((file) => file.endsWith(".js"));
    expect(files.filter((file) => file.endsWith(".d.ts")).length).toBe(scripts.length);
    expect(scripts).toEqual(compiledSources());
    expect(files).toEqual(expect.arrayContaining([...exportedFiles()]));
    const others = files.filter((file) => !/\.(js|d\.ts)$/.test(file));
    expect(others).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "package.json",
      "proto/connectrpc_oauth/v1/method.proto",
    ]);
  });

  test("is clean for publint", async () => {
    await assertRuns(folder.path, join(peers, ".bin/publint"), tarball, "--strict");
  });

  test("resolves for every kind of consumer that knows ES modules", async () => {
    const attw = join(peers, ".bin/attw");
    await assertRuns(folder.path, attw, tarball, "--profile", "esm-only", "--no-emoji");
  });
});

describe("an empty Node project", () => {
  let project = "";
  beforeAll(async () => {
    const packages = [
      "@bufbuild/protobuf",
      "@connectrpc/connect",
      "@connectrpc/connect-node",
      "@types/node",
    ];
    project = await createConsumer(folder.path, "node", tarball, packages);
    writeBlocks(project, codeBlocks().filter(isForNode));
  }, 120_000);

  for (const [name, compiler] of compilers) {
    test(`compiles with ${name}, and so does the server in the documents`, async () => {
      await assertRuns(project, "node", ...programOf(compiler), "-p", ".");
    });
  }

  test("makes a call whose token is refused once", async () => {
    await assertRuns(project, "node", ...programOf("tsc"), "-p", ".");
    const output = await assertRuns(project, "node", "out/main.js");
    expect(output).toContain("user123, Ada Lovelace, 2 tokens");
  });

  test("has the program user-lookup", async () => {
    const output = await assertRuns(project, "node_modules/.bin/user-lookup", "--version");
    expect(output.trim()).toBe(manifest.version);
    const help = await assertRuns(project, "npx", "--no-install", "user-lookup", "--help");
    expect(help).toContain("user-lookup login");
  });
});

describe("an empty Vite project", () => {
  let project = "";
  beforeAll(async () => {
    const packages = [
      "@bufbuild/protobuf",
      "@connectrpc/connect",
      "@connectrpc/connect-web",
      "@types/react",
      "@types/react-dom",
      "oidc-client-ts",
      "react",
      "react-dom",
    ];
    project = await createConsumer(folder.path, "vite", tarball, packages);
    writeBlocks(
      project,
      codeBlocks().filter((block) => !isForNode(block)),
    );
  }, 120_000);

  test("the documents have code to compile", () => {
    const named = (blocks: readonly CodeBlock[]) => blocks.map(({ where }) => where.split(":")[0]);
    expect(named(codeBlocks())).toContain("README.md");
    expect(named(codeBlocks().filter(isForNode))).toContain("docs/server.md");
    expect(blocksOf("a.md", "x\n```ts\nlet a;\n```\n")).toEqual([
      { where: "a.md:3", extension: "ts", text: "let a;\n" },
    ]);
  });

  for (const [name, compiler] of compilers) {
    test(`compiles with ${name}, and so does the code in the documents`, async () => {
      await assertRuns(project, "node", ...programOf(compiler), "-p", ".");
    });
  }

  test("user-lookup says which package it needs on Node", async () => {
    const program = assertRuns(project, "node_modules/.bin/user-lookup", "--help");
    await expect(program).rejects.toThrow("npm install @connectrpc/connect-node");
  });

  test("builds a page that has nothing of Node", async () => {
    const vite = join(root, "node_modules/vite/bin/vite.js");
    const output = await assertRuns(project, "node", vite, "build");
    expect(output).not.toContain("externalized");
    const assets = join(project, "dist/assets");
    const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
    expect(scripts).not.toEqual([]);
    for (const name of scripts) {
      expect(readFileSync(join(assets, name), "utf8")).not.toMatch(/["']node:|browser-external/);
    }
  });
});

function programOf(compiler: string): readonly [string] {
  return [compiler === "tsc" ? join(root, "node_modules/typescript/bin/tsc") : compiler];
}

/** The scripts that the sources of the package compile to. */
function compiledSources(): readonly string[] {
  // `dist/site` is the dashboard, so the program has the room `site` with it.
  return [["cli"], ["lib"], ["gen"], ["site", "cli/site"]]
    .flatMap(([room = "", target = room]) =>
      readdirSync(join(root, "src", room), { recursive: true, encoding: "utf8" }).map(
        (name) => `dist/${target}/${name}`,
      ),
    )
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => name.replace(/\.tsx?$/, ".js"))
    .toSorted();
}

/** The files that `exports` and `bin` of package.json name. */
function exportedFiles(): readonly string[] {
  return [...Object.values(manifest.exports), ...Object.values(manifest.bin)]
    .flatMap((target): string[] => (typeof target === "string" ? [target] : Object.values(target)))
    .map((target) => target.replace("./", ""));
}

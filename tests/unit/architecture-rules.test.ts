import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describe as format, inspect } from "../support/architecture/inspect.ts";

const doc = "/** What it promises. */\n";
// Apart, or this file would break the rule that it tests.
const unfinished = ["TO", "DO"].join("");
const home = ["ro", "ot"].join("");

/** A small tree that breaks no rule. */
const clean: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({
    dependencies: { jose: "^6.0.0", oauth4webapi: "^3.0.0" },
    peerDependencies: { "@connectrpc/connect": "^2.0.0", react: "^19.0.0" },
  }),
  "src/gen/connectrpc_oauth/v1/method_pb.ts": "export const method = 1;\n",
  "src/gen/user/v1/user_service_pb.ts": 'export * from "../../connectrpc_oauth/v1/method_pb.ts";\n',
  "src/lib/core/index.ts": 'export { b } from "./b.ts";\nexport type { A } from "./a.ts";\n',
  "src/lib/core/a.ts": `${doc}export interface A { readonly fetch: number }\n`,
  "src/lib/core/b.ts":
    'import type { A } from "./a.ts";\nimport { ConnectError } from "@connectrpc/connect";\n' +
    `${doc}export function b({ fetch }: A, setTimeout: number) {\n` +
    "  const { location = 1, ...crypto } = { location: 2 };\n" +
    "  for (const window of [fetch, setTimeout, location]) if (window > 1) return crypto;\n" +
    "  try { return new ConnectError(String(new Date(0))); } catch (document) { return document; }\n}\n",
  "src/lib/core/system.ts": `${doc}export const now = () => Date.now();\n`,
  "src/lib/grants/index.ts": 'import "../core/a.ts";\nimport "oauth4webapi";\nexport {};\n',
  "src/lib/browser/index.ts": `import "../grants/index.ts";\n${doc}export const w = () => window;\n`,
  "src/lib/server/index.ts": 'import "node:http";\nimport "jose";\nexport {};\n',
  "src/site/index.ts": "export const site = 1;\n",
  "src/dashboard/main.tsx":
    'import "../lib/core/index.ts";\nimport "../lib/browser/index.ts";\nimport "../site/index.ts";\n',
  "src/cli/main.ts": 'import "../lib/core/index.ts";\nexport const e = process.env;\n',
  "src/dashboard/base.ts": "export const base = import.meta.env.BASE_URL;\n",
  "src/backend/listener.ts":
    "export const open = (server: { listen(): void }) => server.listen();\n",
  "src/backend/main.ts":
    'import { createServer } from "node:http";\nimport "../lib/server/index.ts";\n' +
    "createServer().listen(0);\n",
};

/** File by file: what is added to the clean tree, and what must be said of it. */
const violations: readonly [title: string, files: Record<string, string>, said: RegExp][] = [
  [
    "core imports another room",
    { "src/lib/core/c.ts": 'import "../grants/index.ts";' },
    /\[layers\] lib\/core may not import lib\/grants/,
  ],
  [
    "core imports a room by a re-export",
    { "src/lib/core/c.ts": 'export * from "../../site/index.ts";' },
    /c\.ts:1 \[layers\] lib\/core may not import site/,
  ],
  [
    "core imports the contract of the dashboard by a dynamic import",
    { "src/lib/core/c.ts": 'await import("../../gen/user/v1/user_service_pb.ts");' },
    /\[layers\] lib\/core may not import gen\/user/,
  ],
  [
    "core imports a room by the import of a type",
    { "src/lib/core/c.ts": 'type W = typeof import("../browser/index.ts").w;\nlet w: W;' },
    /\[layers\] lib\/core may not import lib\/browser/,
  ],
  [
    "an import is computed",
    { "src/dashboard/c.ts": 'const name = "x";\nawait import(name);' },
    /c\.ts:2 \[layers\] "\?" means no file/,
  ],
  [
    "an import means no file",
    { "src/cli/c.ts": 'import "./gone.ts";' },
    /\[layers\] "\.\/gone\.ts" means no file/,
  ],
  [
    "a file belongs to no room",
    { "src/util/c.ts": 'import "react";' },
    /\[layers\] This file belongs to no room/,
  ],
  [
    "the site imports the library",
    { "src/site/c.ts": 'import "../lib/core/index.ts";' },
    /\[layers\] site may not import lib\/core/,
  ],
  [
    "the dashboard imports the backend",
    { "src/dashboard/c.ts": 'import type {} from "../backend/main.ts";' },
    /\[layers\] dashboard may not import backend/,
  ],
  [
    "the backend imports client code",
    { "src/backend/c.ts": 'import "../lib/core/index.ts";' },
    /\[layers\] backend may not import lib\/core/,
  ],
  [
    "the dashboard reaches behind an index",
    { "src/dashboard/c.ts": 'import "../lib/core/b.ts";' },
    /\[layers\] dashboard may import lib\/core only through its index\.ts/,
  ],
  [
    "core imports a built-in module",
    { "src/lib/core/c.ts": 'import "crypto";' },
    /\[layers\] lib\/core may not import Node's "crypto"/,
  ],
  [
    "core imports a package of another room",
    { "src/lib/core/c.ts": 'import "jose/jwt/verify";' },
    /\[layers\] lib\/core may not import the package jose/,
  ],
  [
    "the library imports a package that it does not declare",
    { "src/lib/browser/c.ts": 'import "oidc-client-ts";' },
    /\[layers\] oidc-client-ts is neither a dependency nor a peer/,
  ],
  [
    "two files import each other",
    {
      "src/cli/c.ts": 'import type {} from "./d.ts";',
      "src/cli/d.ts": 'import "./c.ts";',
    },
    /\[cycles\] src\/cli\/c\.ts -> src\/cli\/d\.ts -> src\/cli\/c\.ts/,
  ],
  [
    "the environment is read outside of main",
    { "src/backend/c.ts": "export const port = process.env.PORT;" },
    /\[main-only\] Only main may use process\.env/,
  ],
  [
    "the environment of the build is read",
    { "src/dashboard/c.ts": "export const mode = import.meta.env.MODE;" },
    /\[main-only\] Only main may use import\.meta\.env/,
  ],
  [
    "the environment of the build is taken apart",
    { "src/dashboard/c.ts": "export const { MODE } = import.meta.env;" },
    /\[main-only\] Only main may use import\.meta\.env/,
  ],
  [
    "a port is opened outside of main",
    { "src/backend/c.ts": 'import { createServer } from "node:http";\ncreateServer().listen(0);' },
    /c\.ts:2 \[main-only\] Only main may use listen\(\)/,
  ],
  [
    "react touches the page",
    { "src/lib/react/c.ts": "const here = () => location;\nvoid here;" },
    /\[page-globals\] lib\/react may not use location/,
  ],
  [
    "the page is reached through the global object",
    { "src/lib/grants/c.ts": "void globalThis.localStorage;" },
    /\[page-globals\] lib\/grants may not use localStorage/,
  ],
  ...(
    [
      ["setTimeout(() => 1, 1);", "setTimeout"],
      ["void fetch;", "fetch"],
      ["void globalThis.fetch;", "(fetch|globalThis)"],
      ["void Date.now();", "Date.now"],
      ["void new Date();", "new Date\\(\\)"],
      ["void Math.random();", "Math.random"],
      ["void crypto.randomUUID();", "crypto"],
      ["void performance.now();", "performance"],
      ["void AbortSignal.timeout(1);", "AbortSignal.timeout"],
      ["{ const fetch = 1; void fetch; }\nvoid { fetch };", "fetch"],
    ] as const
  ).map(([code, name]): [string, Record<string, string>, RegExp] => [
    `core has "${code.replaceAll("\n", " ")}"`,
    { "src/lib/core/c.ts": code },
    new RegExp(`\\[ports\\] lib/core has ${name} from a port`),
  ]),
  [
    "a file is too long",
    { "src/cli/c.ts": "export {};\n".repeat(301) },
    /\[sizes\] This file has 301 lines/,
  ],
  [
    "a function is too long",
    { "src/cli/c.ts": `export const f = () => {\n${"  f();\n".repeat(49)}};\n` },
    /\[sizes\] This function has 51 lines/,
  ],
  [
    "an export has no docstring",
    { "src/lib/core/c.ts": "// A note.\nexport const c = 1;" },
    /c\.ts:2 \[docs\] No docstring: export const c/,
  ],
  [
    "an export by name has no docstring",
    { "src/lib/node/c.ts": `${doc}const a = 1;\nconst c = 2;\nexport { a, c };` },
    /c\.ts:3 \[docs\] No docstring: const c/,
  ],
  [
    "work is unfinished",
    { "src/site/c.ts": `// ${unfinished}: the rest.` },
    /\[words\] This line has unfinished work/,
  ],
  [
    "a line names a path of one machine",
    { "src/site/c.ts": `export const c = "/${home}/project";` },
    /\[words\] This line has a path of one machine/,
  ],
];

test("a clean tree has no violation", () => {
  expect(format(inspect(tree({})))).toEqual([]);
});

for (const [title, files, said] of violations) {
  test(`it is seen when ${title}`, () => {
    const found = format(inspect(tree(files)));
    expect(found.filter((line) => said.test(line))).not.toEqual([]);
    expect(found.filter((line) => !said.test(line))).toEqual([]);
  });
}

/** A temporary tree: the clean one with these files on top. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "architecture-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ ...clean, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

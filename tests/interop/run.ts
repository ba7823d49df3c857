/**
 * `npm run test:interop [-- [--write] [peer...]]`: runs the suites of all peers,
 * or of those that are named, and prints a table. `--write` also writes
 * docs/compatibility.md; without it, one is told what that document says
 * otherwise. `--report FILE` leaves vitest's report there.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildSite } from "../../scripts/start/site-build.ts";
import { command, endAll } from "../../scripts/test/command.ts";
import { differences, parseDocument, renderDocument } from "./support/document.ts";
import { forgetRuns, readRuns, type PeerRun } from "./support/rows.ts";

const document = "docs/compatibility.md";
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean", default: false }, report: { type: "string" } },
});

// The programs of this repository, also without npm around.
process.env["PATH"] = `${resolve("node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endAll();
    process.exit(130);
  });
}

process.exitCode = await main(suites(positionals));

async function main(files: readonly string[]): Promise<number> {
  await buildSite({ root: resolve(".") });
  forgetRuns();
  const code = await runVitest(files);
  const runs = readRuns();
  console.log(`\n${table(runs)}\n`);
  const told = parseDocument(existsSync(document) ? readFileSync(document, "utf8") : "");
  if (values.write) {
    writeFileSync(document, renderDocument(told, runs));
    return code;
  }
  const changes = differences(told, runs);
  if (changes.length > 0) {
    const advice = `${document} tells it otherwise; type: npm run test:interop -- --write`;
    console.log([advice, ...changes].join("\n"));
  }
  return code;
}

/** One file at a time: each peer has the machine for itself, and can be measured. */
async function runVitest(files: readonly string[]): Promise<number> {
  const argv = ["vitest", "run", "--project", "interop", "--no-file-parallelism"] as const;
  const { report } = values;
  const reporters =
    report === undefined ? [] : ["--reporter=json", `--outputFile.json=${resolve(report)}`];
  const exit = await command([...argv, "--reporter=verbose", ...reporters, ...files], {
    live: true,
    timeoutMs: 1_800_000,
  });
  return exit.code;
}

function suites(peers: readonly string[]): readonly string[] {
  const folder = "tests/interop";
  const known = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
  for (const peer of peers) {
    if (known.includes(`${peer}.test.ts`)) continue;
    const names = known.map((name) => name.replace(".test.ts", ""));
    console.error(`There is no suite of "${peer}". The peers: ${names.join(", ")}.`);
    process.exit(2);
  }
  return peers.map((peer) => join(folder, `${peer}.test.ts`));
}

function table(runs: readonly PeerRun[]): string {
  const lines = runs.flatMap(({ peer, version, missing, rows }) => {
    if (missing !== undefined) return [`skipped  ${peer}: ${missing}`];
    return rows.map(({ feature, result, deviation }) => {
      const mark = deviation === undefined ? "" : " (deviates)";
      return `${result.padEnd(7)}  ${peer} ${version}: ${feature}${mark}`;
    });
  });
  return lines.join("\n");
}

/**
 * `npm run bench`: measures, prints a table, and writes `bench-results.json`.
 * `npm run bench -- working-day` runs only this; `--write` puts its table into
 * the README, too; `--quick` measures less. Ends non-zero when a promise is not kept.
 */
import { writeFileSync } from "node:fs";
import type { BenchOptions, BenchResult } from "./bench-result.ts";

type Bench = (options: BenchOptions) => Promise<readonly BenchResult[]>;

const benches: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  "working-day": () => import("./working-day.ts"),
  "get-token": () => import("./get-token.ts"),
  "server-gate": () => import("./server-gate.ts"),
  lighthouse: () => import("./lighthouse.ts"),
  store: () => import("./store.ts"),
  page: () => import("./page.ts"),
};

const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = [
  ...names.filter((name) => benches[name] === undefined),
  ...flags.filter((flag) => !["--write", "--quick"].includes(flag)),
];
if (unknown.length > 0) {
  console.error(`There is no "${unknown.join('", "')}".`);
  console.error(`The benches: ${Object.keys(benches).join(", ")}; the options: --write, --quick.`);
  process.exit(2);
}

const results: BenchResult[] = [];
for (const [name, load] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.log(`\n${name}`);
  const { bench } = await load();
  const rows = await bench({ write: flags.includes("--write"), quick: flags.includes("--quick") });
  console.table(rows.map(describe));
  results.push(...rows);
}
writeFileSync("bench-results.json", `${JSON.stringify(results, undefined, 2)}\n`);
console.log(`\nbench-results.json: ${results.length} results`);

const broken = results.flatMap(brokenPromises);
for (const sentence of broken) console.error(sentence);
process.exit(broken.length === 0 ? 0 : 1);

function brokenPromises(result: BenchResult): readonly string[] {
  const { name, value, unit, atMost, atLeast, ratio, ratioAtMost, peer } = result;
  const promises = [
    { bound: "at most", limit: atMost, figure: value, of: unit },
    { bound: "at least", limit: atLeast, figure: value, of: unit },
    { bound: "at most", limit: ratioAtMost, figure: ratio ?? Number.NaN, of: `times ${peer}` },
  ];
  return promises.flatMap(({ bound, limit, figure, of }) => {
    if (limit === undefined) return [];
    // A figure that is no number keeps no promise.
    const isKept = bound === "at most" ? figure <= limit : figure >= limit;
    return isKept ? [] : [`Promised was ${bound} ${limit} ${of}, but it is ${figure}: ${name}`];
  });
}

function describe({ name, value, unit, peer, ratio, spread }: BenchResult) {
  return {
    name,
    value: Number(value.toPrecision(4)),
    unit,
    spread: Number(spread.toFixed(2)),
    ...(peer === undefined ? {} : { peer, ratio: Number(ratio?.toPrecision(3)) }),
  };
}

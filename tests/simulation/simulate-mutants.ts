/** `npm run simulate:mutants`: says by which invariant, and how soon, each mutant is caught. */
import { buildMutant } from "./build-mutant.ts";
import { mutants } from "./mutants.ts";
import { runShard } from "./shards.ts";

const runs = 2_000;
const [wanted = ""] = process.argv.slice(2);

let survivors = 0;
for (const mutant of mutants.filter(({ name }) => name.includes(wanted))) {
  const library = buildMutant(mutant);
  const startedAt = performance.now();
  const result = await runShard({ library, runs, seed: 1, quick: true });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (result.failure === undefined) survivors++;
  const verdict = result.failure?.violation.split("\n")[0] ?? "SURVIVED";
  console.log(`${mutant.name}: ${result.runs} runs, ${seconds} s, ${verdict}`);
}
console.log(`${mutants.length} mutants, ${survivors} survived`);
process.exitCode = survivors === 0 ? 0 : 1;

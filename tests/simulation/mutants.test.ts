import { expect, test } from "vitest";
import { buildMutant } from "./build-mutant.ts";
import { mutants } from "./mutants.ts";
import { runShard } from "./shards.ts";

const runs = 2_000;

test.concurrent.for(mutants)("$name: the simulation finds it", async (mutant) => {
  const library = buildMutant(mutant);
  const { failure } = await runShard({ library, runs, seed: 1, quick: true });
  expect(failure?.violation).toMatch(/^at \d+ ms: \w+: /);
});

import { expect, test } from "vitest";
import { describeScript } from "./script.ts";
import { productLibrary, runShard } from "./shards.ts";

const shards = [1, 2];
const runs = 500;

// The same scripts each time; `npm run simulate` draws new ones.
test.concurrent.for(shards)("no run of shard %i breaks an invariant", async (seed) => {
  const result = await runShard({ library: productLibrary, runs, seed });
  const { failure } = result;
  const told =
    failure && `${failure.violation}\n${describeScript(failure.script)}\n--path ${failure.path}`;
  expect(told).toBeUndefined();
  expect(result.runs).toBe(runs);
  expect(result.calls / result.runs).toBeGreaterThan(100);
});

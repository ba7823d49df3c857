import { expect, test } from "vitest";
import { oneCheck, sum } from "../../../../scripts/test/counts.ts";
import { runSteps, type Step } from "../../../../scripts/test/schedule.ts";

test("a failed step stops those that need it and no other", async () => {
  const ran: string[] = [];
  const finished = await runSteps(
    [
      step("build", { holds: false }, ran),
      step("e2e", { needs: ["build"] }, ran),
      step("lint", {}, ran),
    ],
    () => undefined,
  );
  expect(ran).toEqual(["build", "lint"]);
  expect(sum(finished.map((each) => each.counts))).toEqual({ passed: 1, failed: 2, skipped: 0 });
  expect(finished.find((each) => each.step.name === "e2e")?.output).toContain('needs "build"');
});

test("two light steps run side by side, and a heavy one alone", async () => {
  let busy = 0;
  const seen: [string, number][] = [];
  const watched = (name: string, cores: 1 | 2): Step => ({
    ...step(name, {}, []),
    cores,
    async run() {
      busy += cores;
      seen.push([name, busy]);
      await new Promise(setImmediate);
      busy -= cores;
      return { counts: oneCheck(true), output: "" };
    },
  });
  await runSteps([watched("a", 1), watched("b", 1), watched("c", 2)], () => undefined);
  expect(seen).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 2],
  ]);
});

test("a step that was not chosen keeps nobody waiting", async () => {
  const ran: string[] = [];
  await runSteps([step("e2e", { needs: ["build"] }, ran)], () => undefined);
  expect(ran).toEqual(["e2e"]);
});

function step(
  name: string,
  { holds = true, needs = [] as readonly string[] },
  ran: string[],
): Step {
  return {
    name,
    title: name,
    cores: 1,
    needs,
    run: () => {
      ran.push(name);
      return Promise.resolve({ counts: oneCheck(holds), output: "" });
    },
  };
}

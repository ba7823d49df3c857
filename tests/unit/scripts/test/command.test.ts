import { expect, test } from "vitest";
import { command } from "../../../../scripts/test/command.ts";

test("a program's output and exit code come back", async () => {
  const script = 'console.log("out"); console.error("err"); process.exitCode = 3;';
  const exit = await command(["node", "-e", script]);
  expect(exit.code).toBe(3);
  expect(exit.output).toContain("out");
  expect(exit.output).toContain("err");
});

test("a program that does not exist is a failure that says so", async () => {
  const exit = await command(["no-such-program"]);
  expect(exit.code).toBe(1);
  expect(exit.output).toContain("no-such-program");
});

test("a program that hangs is ended with everything it started", async () => {
  const child = "setInterval(() => {}, 1000);";
  const parent = `require("node:child_process").spawn("node", ["-e", "${child}"], { stdio: "inherit" });`;
  // The child holds the output open: that the call comes back means it is gone.
  const exit = await command(["node", "-e", parent], { timeoutMs: 1_000 });
  expect(exit.code).toBe(1);
  expect(exit.output).toContain("Ended after 1 s");
});

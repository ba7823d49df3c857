import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startBackend } from "../../../scripts/start/backend.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "backend-"));
  mkdirSync(join(root, "src", "backend"), { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A program in the backend's place that answers to the name `ready` after `body`. */
function program(body: string) {
  const announce = `console.log("backend ready {}"); setInterval(() => {}, 1000);`;
  writeFileSync(join(root, "src", "backend", "main.ts"), body.replace("ANNOUNCE", announce));
  return startBackend(root);
}

test("it is ready at its line, and stops when asked", async () => {
  const backend = program("ANNOUNCE");
  await expect(backend.ready).resolves.toBeUndefined();
  await backend.stop();
  await backend.stop();
});

test("one that ends before it is ready is told with its exit code", async () => {
  const backend = program("process.exitCode = 3;");
  await expect(backend.ready).rejects.toThrow("The backend has ended (exit code 3)");
  await backend.stop();
});

test("one that ends later is told as well", async () => {
  const backend = program(
    "ANNOUNCE process.stdin.destroy(); process.kill(process.pid, 'SIGKILL');",
  );
  await expect(backend.ended).rejects.toThrow("The backend has ended (SIGKILL)");
});

test("one that does not heed the signal is ended all the same", async () => {
  const backend = program("process.on('SIGTERM', () => {}); ANNOUNCE");
  await backend.ready;
  await backend.stop(50);
  expect(await Promise.race([backend.ended, Promise.resolve("no failure")])).toBe("no failure");
});

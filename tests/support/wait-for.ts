import { vi } from "vitest";

/** Ends only what hangs: Vitest's own second is too short beside other suites on a slow machine. */
const timeoutMs = 10_000;

/** Waits until `check` throws no more, and resolves with what it returns. */
export function waitFor<T>(check: () => T | Promise<T>, limitMs = timeoutMs): Promise<T> {
  return vi.waitFor(check, limitMs);
}

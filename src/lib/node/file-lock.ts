import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const pollMs = 25;
// Longer than any exchange may take, so that only a holder that died is overtaken.
const staleMs = 60_000;

/**
 * Runs `task` while no other process, and nobody else in this one, does so with
 * the same path. A lock whose holder has died is taken over. Rejects with the
 * reason of `signal` when that aborts before the task began.
 */
export async function withFileLock<T>(
  path: string,
  signal: AbortSignal,
  task: () => Promise<T>,
): Promise<T> {
  const mark = JSON.stringify({ host: hostname(), pid: process.pid, id: randomUUID() });
  while (!(await tryLock(path, mark))) {
    signal.throwIfAborted();
    if (!(await breakStale(path))) await pause(signal);
  }
  try {
    return await task();
  } finally {
    if ((await readMark(path)) === mark) await rm(path, { force: true });
  }
}

async function tryLock(path: string, mark: string): Promise<boolean> {
  try {
    await writeFile(path, mark, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await sleep(pollMs, undefined, { signal });
  } catch {
    // Node rejects with an error of its own instead of the signal's reason.
    signal.throwIfAborted();
  }
}

/** Takes away a lock that nobody holds any more; false when somebody does. */
async function breakStale(path: string): Promise<boolean> {
  const mark = await readMark(path);
  if (mark === undefined) return true;
  if (!(await isStale(path, mark))) return false;
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    // Somebody else was faster, and this is the lock of the next holder: back with it.
    if ((await readMark(aside)) !== mark) await link(aside, path);
  } catch (error) {
    if (!hasCode(error, "ENOENT") && !hasCode(error, "EEXIST")) throw error;
  } finally {
    await rm(aside, { force: true });
  }
  return true;
}

async function isStale(path: string, mark: string): Promise<boolean> {
  const holder = parse(mark);
  if (holder?.host === hostname() && !isAlive(holder.pid)) return true;
  const age = await stat(path).catch(() => undefined);
  return age !== undefined && Date.now() - age.mtimeMs > staleMs;
}

function parse(mark: string): { host: unknown; pid: number } | undefined {
  try {
    const value: unknown = JSON.parse(mark);
    if (typeof value !== "object" || value === null) return undefined;
    const { host, pid }: { host?: unknown; pid?: unknown } = value;
    return typeof pid === "number" ? { host, pid } : undefined;
  } catch {
    // Its holder has made the file and not written into it yet.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

async function readMark(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Whether `error` is one of the system with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

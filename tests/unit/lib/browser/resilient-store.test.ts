import { describe, expect, test, vi } from "vitest";
import type { StoredRecord } from "../../../../src/lib/core/ports.ts";
import type { RecordStore } from "../../../../src/lib/browser/indexeddb-store.ts";
import { UnreadableRecordError } from "../../../../src/lib/browser/record-cipher.ts";
import { createResilientStore } from "../../../../src/lib/browser/resilient-store.ts";
import { createManualClock } from "../../../support/server/manual-clock.ts";

/** A disk for several tabs, which can fail, lose its record, or lose an answer. */
interface Disk {
  record: StoredRecord | undefined;
  trouble: Error | undefined;
  /** Carries the next write out, and fails to say so. */
  losesNextAnswer: boolean;
  store: RecordStore;
}

function createDisk(): Disk {
  const disk: Disk = {
    record: undefined,
    trouble: undefined,
    losesNextAnswer: false,
    store: {
      read() {
        if (disk.trouble !== undefined) return Promise.reject(disk.trouble);
        return Promise.resolve(disk.record);
      },
      write(expected, next) {
        if (disk.trouble !== undefined) return Promise.reject(disk.trouble);
        if (disk.record?.revision !== expected) return Promise.resolve(false);
        disk.record = next;
        if (!disk.losesNextAnswer) return Promise.resolve(true);
        disk.losesNextAnswer = false;
        return Promise.reject(new Error("no answer"));
      },
    },
  };
  return disk;
}

function createTab(disk: Disk, clock = createManualClock()) {
  const onDegraded = vi.fn<(message: string) => void>();
  const onSaved = vi.fn<() => void>();
  const store = createResilientStore(disk.store, { clock, onDegraded, onSaved });
  return { store, clock, onDegraded, onSaved };
}

const full = new DOMException("full", "QuotaExceededError");

describe("a storage that fails", () => {
  test("is replaced by memory, says so once, and never rejects", async () => {
    const disk = createDisk();
    const { store, onDegraded } = createTab(disk);
    disk.trouble = full;
    expect(await store.read()).toBeUndefined();
    const revision = await store.replace(undefined, "tokens");
    expect(await store.read()).toEqual({ revision, value: "tokens" });
    expect(await store.replace("another", "tokens")).toBeUndefined();
    expect(store.shared()).toBe(false);
    expect(onDegraded).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining("QuotaExceededError"),
    );
  });

  test("is asked twice, so that one slip does not bring back what another tab has replaced", async () => {
    const disk = createDisk();
    const { store, onDegraded } = createTab(disk);
    await store.replace(undefined, "1");
    const theirs = { revision: "theirs", value: "2" };
    disk.record = theirs;
    vi.spyOn(disk.store, "read").mockRejectedValueOnce(new Error("slept"));
    expect(await store.read()).toEqual(theirs);
    disk.losesNextAnswer = true;
    const mine = await store.replace("theirs", "3");
    expect(disk.record).toEqual({ revision: mine, value: "3" });
    expect(store.shared()).toBe(true);
    expect(onDegraded).not.toHaveBeenCalled();
  });

  test("keeps the session that was read before it failed", async () => {
    const disk = createDisk();
    const { store } = createTab(disk);
    const first = await store.replace(undefined, "1");
    disk.trouble = full;
    expect(await store.read()).toEqual({ revision: first, value: "1" });
    const second = await store.replace(first, "2");
    expect(await store.read()).toEqual({ revision: second, value: "2" });
  });

  test("is left alone for a while, so that it costs no call its time", async () => {
    const disk = createDisk();
    const { store, clock } = createTab(disk);
    disk.trouble = full;
    await store.read();
    const read = vi.spyOn(disk.store, "read");
    await store.read();
    clock.advance(29_999);
    await store.read();
    expect(read).not.toHaveBeenCalled();
    clock.advance(1);
    await store.read();
    expect(read).toHaveBeenCalledOnce();
  });

  test("is tried again when the clock went back", async () => {
    const disk = createDisk();
    const { store, clock } = createTab(disk);
    disk.trouble = full;
    await store.read();
    disk.trouble = undefined;
    disk.record = { revision: "r", value: "there" };
    clock.jumpTo(clock.now() - 3_600_000);
    expect(await store.read()).toEqual(disk.record);
  });

  test("gets what it missed when it works again", async () => {
    const disk = createDisk();
    const { store, clock, onDegraded } = createTab(disk);
    const first = await store.replace(undefined, "1");
    disk.trouble = full;
    const second = await store.replace(first, "2");
    disk.trouble = undefined;
    clock.advance(30_000);
    const third = await store.replace(second, "3");
    expect(disk.record).toEqual({ revision: third, value: "3" });
    expect(store.shared()).toBe(true);
    disk.trouble = full;
    await store.read();
    expect(onDegraded).toHaveBeenCalledTimes(2);
  });

  test("wins when another tab has written meanwhile", async () => {
    const disk = createDisk();
    const { store, clock } = createTab(disk);
    const first = await store.replace(undefined, "1");
    disk.trouble = full;
    await store.replace(first, "only mine");
    disk.trouble = undefined;
    disk.record = { revision: "theirs", value: "theirs" };
    clock.advance(30_000);
    expect(await store.read()).toEqual({ revision: "theirs", value: "theirs" });
  });

  test("may have carried a write out without saying so", async () => {
    const disk = createDisk();
    const { store, clock } = createTab(disk);
    disk.losesNextAnswer = true;
    const revision = await store.replace(undefined, "1");
    expect(disk.record).toEqual({ revision, value: "1" });
    clock.advance(30_000);
    expect(await store.read()).toEqual({ revision, value: "1" });
    expect(await store.replace(revision, "2")).toBe(disk.record?.revision);
  });
});

describe("a storage that was emptied", () => {
  test("gets the session back from the tab that still has it", async () => {
    const disk = createDisk();
    const { store } = createTab(disk);
    const revision = await store.replace(undefined, "1");
    disk.record = undefined;
    expect(await store.read()).toEqual({ revision, value: "1" });
    expect(disk.record).toEqual({ revision, value: "1" });
  });

  test("takes the next write in the same step", async () => {
    const disk = createDisk();
    const { store } = createTab(disk);
    const first = await store.replace(undefined, "1");
    disk.record = undefined;
    const second = await store.replace(first, "2");
    expect(disk.record).toEqual({ revision: second, value: "2" });
  });
});

describe("a record that nobody can read", () => {
  test("is not saved as a removed one when the storage is emptied then", async () => {
    const disk = createDisk();
    const read = vi.spyOn(disk.store, "read");
    read.mockRejectedValueOnce(new UnreadableRecordError("broken"));
    const { store } = createTab(disk);
    expect(await store.read()).toEqual({ revision: "broken", value: undefined });
    expect(await store.read()).toBeUndefined();
    expect(disk.record).toBeUndefined();
  });

  test("counts as removed, says so, and can be replaced", async () => {
    const disk = createDisk();
    disk.record = { revision: "broken", value: undefined };
    vi.spyOn(disk.store, "read").mockImplementation(() =>
      Promise.reject(new UnreadableRecordError("broken")),
    );
    const { store, onDegraded } = createTab(disk);
    expect(await store.read()).toEqual({ revision: "broken", value: undefined });
    expect(onDegraded).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("Sign in again"));
    expect(await store.replace("broken", "new")).toBeTypeOf("string");
    expect(disk.record?.value).toBe("new");
  });

  test("is mended from memory by the tab that had read it", async () => {
    const disk = createDisk();
    const { store, onDegraded } = createTab(disk);
    const revision = await store.replace(undefined, "1");
    vi.spyOn(disk.store, "read").mockImplementation(() =>
      Promise.reject(new UnreadableRecordError(revision ?? "")),
    );
    expect(await store.read()).toEqual({ revision, value: "1" });
    expect(onDegraded).not.toHaveBeenCalled();
  });
});

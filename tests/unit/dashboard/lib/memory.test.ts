import { describe, expect, test } from "vitest";
import { createPreferenceStore } from "../../../../src/dashboard/lib/preferences.ts";
import type { KeyValueStorage } from "../../../../src/dashboard/lib/preferences.ts";
import { createRecents } from "../../../../src/dashboard/lib/recents.ts";

function memory(entries: Iterable<readonly [string, string]> = []): KeyValueStorage & {
  all(): string;
} {
  const map = new Map(entries);
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
    all: () => JSON.stringify([...map]),
  };
}

const broken: KeyValueStorage = {
  getItem: () => {
    throw new Error("denied");
  },
  setItem: () => {
    throw new Error("full");
  },
  removeItem: () => undefined,
};

describe("recents", () => {
  test("come newest first, once each, and outlive the page", () => {
    const storage = memory();
    const recents = createRecents(storage, () => "support");
    for (const id of ["a", "b", "a"]) recents.add(id);
    expect(recents.get()).toEqual(["a", "b"]);
    expect(createRecents(storage, () => "support").get()).toEqual(["a", "b"]);
  });

  test("are at most twelve", () => {
    const recents = createRecents(memory(), () => "support");
    for (let index = 0; index < 20; index++) recents.add(String(index));
    expect(recents.get()).toHaveLength(12);
    expect(recents.get()[0]).toBe("19");
  });

  test("of one person are not shown to another", () => {
    const storage = memory();
    let subject = "support";
    const recents = createRecents(storage, () => subject);
    recents.add("a");
    subject = "supervisor";
    expect(recents.get()).toEqual([]);
    expect(createRecents(storage, () => "supervisor").get()).toEqual([]);
  });

  test("can be cleared, and tell who listens", () => {
    const storage = memory();
    const recents = createRecents(storage, () => "support");
    let told = 0;
    recents.subscribe(() => (told += 1));
    recents.add("a");
    recents.clear();
    expect(recents.get()).toEqual([]);
    expect(told).toBe(2);
    expect(storage.all()).not.toContain('"a"');
  });

  test("of another tab are there after another look at the storage", () => {
    const storage = memory();
    const here = createRecents(storage, () => "support");
    here.add("a");
    createRecents(storage, () => "support").add("b");
    here.reload();
    expect(here.get()).toEqual(["b", "a"]);
  });

  test("work without storage, and keep the same list while nothing changes", () => {
    const recents = createRecents(broken, () => "support");
    recents.add("a");
    expect(recents.get()).toEqual(["a"]);
    expect(recents.get()).toBe(recents.get());
  });
});

describe("preferences", () => {
  test("outlive the page", () => {
    const storage = memory();
    const columns = ["name", "locale"] as const;
    createPreferenceStore(storage).set({ theme: "dark", singleKeys: false, columns });
    const kept = { theme: "dark", singleKeys: false, columns };
    expect(createPreferenceStore(storage).get()).toEqual(kept);
  });

  test.each(["", "null", "7", '{"theme":"pink","columns":[7]}'])(
    "fall back when %j is stored",
    (text) => {
      const storage = memory([["user-lookup.preferences", text]]);
      const usual = { theme: "system", singleKeys: true, columns: [] };
      expect(createPreferenceStore(storage).get()).toEqual(usual);
    },
  );

  test("of another tab are there after another look at the storage", () => {
    const storage = memory();
    const here = createPreferenceStore(storage);
    createPreferenceStore(storage).set({ singleKeys: false });
    expect(here.get().singleKeys).toBe(true);
    here.reload();
    expect(here.get().singleKeys).toBe(false);
  });

  test("work without storage", () => {
    const preferences = createPreferenceStore(broken);
    preferences.set({ theme: "light" });
    expect(preferences.get().theme).toBe("light");
  });
});

import { expect, test } from "vitest";
import type { Store } from "../../src/lib/core/ports.ts";

/** Two views of one empty record, as two tabs have them. */
export type CreateStores = () => Promise<{ readonly here: Store; readonly there: Store }>;

/** What every Store promises. Call it inside a `describe`. */
export function storeContract(create: CreateStores): void {
  test("is empty at first", async () => {
    const { here } = await create();
    expect(await here.read()).toBeUndefined();
  });

  test("gives back what was written, with its revision, to both tabs", async () => {
    const { here, there } = await create();
    const revision = await here.replace(undefined, "één 🔑");
    expect(revision).toBeTypeOf("string");
    expect(await here.read()).toEqual({ revision, value: "één 🔑" });
    expect(await there.read()).toEqual({ revision, value: "één 🔑" });
  });

  test("replaces under the revision that is there", async () => {
    const { here, there } = await create();
    const first = await here.replace(undefined, "1");
    const second = await there.replace(first, "2");
    expect(second).not.toBe(first);
    expect(await here.read()).toEqual({ revision: second, value: "2" });
  });

  test("writes nothing under an older revision, or none", async () => {
    const { here, there } = await create();
    const first = await here.replace(undefined, "1");
    const second = await here.replace(first, "2");
    expect(await there.replace(first, "3")).toBeUndefined();
    expect(await there.replace(undefined, "4")).toBeUndefined();
    expect(await there.replace("never", "5")).toBeUndefined();
    expect(await here.read()).toEqual({ revision: second, value: "2" });
  });

  test("writes nothing under a revision when nothing is there", async () => {
    const { here } = await create();
    expect(await here.replace("never", "1")).toBeUndefined();
    expect(await here.read()).toBeUndefined();
  });

  test("lets exactly one of two writers win", async () => {
    const { here, there } = await create();
    const base = await here.replace(undefined, "0");
    const results = await Promise.all([here.replace(base, "a"), there.replace(base, "b")]);
    const winners = results.filter((revision) => revision !== undefined);
    expect(winners).toHaveLength(1);
    expect(await here.read()).toEqual({
      revision: winners[0],
      value: results[0] === undefined ? "b" : "a",
    });
  });

  test("lets exactly one of two first writers win", async () => {
    const { here, there } = await create();
    const results = await Promise.all([
      here.replace(undefined, "a"),
      there.replace(undefined, "b"),
    ]);
    expect(results.filter((revision) => revision !== undefined)).toHaveLength(1);
  });

  test("removes the value and keeps a revision, so that a late writer is too late", async () => {
    const { here, there } = await create();
    const first = await here.replace(undefined, "1");
    const removed = await here.replace(first, undefined);
    expect(removed).toBeTypeOf("string");
    expect(removed).not.toBe(first);
    expect(await there.read()).toEqual({ revision: removed, value: undefined });
    expect(await there.replace(first, "late")).toBeUndefined();
    expect(await there.replace(removed, "2")).toBeTypeOf("string");
  });

  test("gives the same value another revision each time", async () => {
    const { here } = await create();
    const first = await here.replace(undefined, "same");
    const second = await here.replace(first, "same");
    expect(second).not.toBe(first);
  });
}

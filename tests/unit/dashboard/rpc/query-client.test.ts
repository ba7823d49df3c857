import { QueryObserver } from "@tanstack/react-query";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createQueryClient, retryDelayMs } from "../../../../src/dashboard/rpc/query-client.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("the query client", () => {
  test("keeps the last thirty answers that nobody looks at, and every one that somebody does", async () => {
    const client = createQueryClient();
    const look = (name: string) => {
      const queryFn = () => Promise.resolve(name);
      return new QueryObserver(client, { queryKey: [name], queryFn }).subscribe(() => undefined);
    };
    const leave = look("open");
    for (let search = 0; search < 100; search++) look(`search ${search}`)();
    const kept = client
      .getQueryCache()
      .getAll()
      .map(({ queryKey }) => queryKey[0]);
    expect(kept).toHaveLength(31);
    expect(kept).toContain("open");
    expect(kept.slice(-2)).toEqual(["search 98", "search 99"]);
    leave();
    client.clear();
  });

  test("tries again what waiting can cure, and nothing else", async () => {
    vi.useFakeTimers();
    const client = createQueryClient();
    const calls = async (code: Code) => {
      let made = 0;
      const queryFn = () => Promise.reject(new ConnectError(`call ${(made += 1)}`, code));
      const leave = new QueryObserver(client, { queryKey: [code], queryFn }).subscribe(
        () => undefined,
      );
      await vi.advanceTimersByTimeAsync(20_000);
      leave();
      return made;
    };
    expect(await calls(Code.PermissionDenied)).toBe(1);
    expect(await calls(Code.Unavailable)).toBeGreaterThan(3);
    client.clear();
  });

  test("waits longer each time, up to eight seconds, half of it by chance", () => {
    expect([0, 1, 2].map((failures) => retryDelayMs(failures, () => 1))).toEqual([500, 1000, 2000]);
    expect(retryDelayMs(50, () => 1)).toBe(8000);
    expect(retryDelayMs(50, () => 0)).toBe(4000);
  });
});

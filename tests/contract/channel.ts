import { expect, onTestFinished, test, vi } from "vitest";
import type { Channel, ChannelMessage } from "../../src/lib/core/ports.ts";
import { waitFor } from "../support/wait-for.ts";

/** Two ends of one channel, as two tabs have them. */
export type CreateChannels = () => { readonly here: Channel; readonly there: Channel };

const message: ChannelMessage = { schema: 1, session: "s", type: "tokens-changed" };

/** What every Channel promises. Call it inside a `describe`. */
export function channelContract(create: CreateChannels): void {
  function createBoth() {
    const both = create();
    onTestFinished(() => {
      both.here.close();
      both.there.close();
    });
    return both;
  }

  test("tells every subscriber of the other tab, and not the sender", async () => {
    const { here, there } = createBoth();
    const mine = vi.fn();
    const others = [vi.fn(), vi.fn()];
    here.subscribe(mine);
    for (const other of others) there.subscribe(other);
    here.post(message);
    await waitFor(() => expect(others[1]).toHaveBeenCalledWith(message));
    expect(others[0]).toHaveBeenCalledExactlyOnceWith(message);
    expect(mine).not.toHaveBeenCalled();
  });

  test("keeps the order", async () => {
    const { here, there } = createBoth();
    const seen: string[] = [];
    there.subscribe(({ type }) => seen.push(type));
    for (const type of ["signed-in", "tokens-changed", "signed-out"] as const) {
      here.post({ ...message, type });
    }
    await waitFor(() => expect(seen).toEqual(["signed-in", "tokens-changed", "signed-out"]));
  });

  test("passes on messages of another schema, for the receiver to judge", async () => {
    const { here, there } = createBoth();
    const seen = vi.fn();
    there.subscribe(seen);
    here.post({ ...message, schema: 99 });
    await waitFor(() => expect(seen).toHaveBeenCalledWith({ ...message, schema: 99 }));
  });

  test("tells nobody who has stopped listening, and goes on for the same function", async () => {
    const { here, there } = createBoth();
    const seen = vi.fn();
    const stop = there.subscribe(seen);
    there.subscribe(seen);
    stop();
    stop();
    here.post(message);
    await waitFor(() => expect(seen).toHaveBeenCalledOnce());
  });

  test("can be closed twice and posted to afterwards", () => {
    const { here } = createBoth();
    here.close();
    here.close();
    expect(() => here.post(message)).not.toThrow();
  });
}

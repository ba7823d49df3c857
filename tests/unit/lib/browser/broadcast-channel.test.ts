import { expect, onTestFinished, test, vi } from "vitest";
import { createBroadcastChannel } from "../../../../src/lib/browser/broadcast-channel.ts";
import { waitFor } from "../../../support/wait-for.ts";

test("a message of another shape reaches nobody", async () => {
  const name = `shapes-${process.pid}`;
  const channel = createBroadcastChannel(name);
  const raw = new BroadcastChannel(name);
  onTestFinished(() => {
    channel.close();
    raw.close();
  });
  const seen = vi.fn();
  channel.subscribe(seen);
  const good = { schema: 1, session: "s", type: "signed-in" };
  const bad = [null, 1, "text", {}, { schema: "1", session: "s", type: "t" }, { schema: 1 }];
  for (const message of [...bad, { schema: 1, session: 1, type: "t" }, good]) {
    raw.postMessage(message);
  }
  await waitFor(() => expect(seen).toHaveBeenCalled());
  expect(seen.mock.calls).toEqual([[good]]);
});

test("a browser without BroadcastChannel has a channel that says nothing", () => {
  vi.stubGlobal("BroadcastChannel", undefined);
  onTestFinished(() => void vi.unstubAllGlobals());
  const channel = createBroadcastChannel("none");
  channel.subscribe(() => undefined)();
  expect(() => channel.post({ schema: 1, session: "s", type: "signed-in" })).not.toThrow();
  channel.close();
});

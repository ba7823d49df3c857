import { describe, expect, it } from "vitest";
import { AuthError } from "../../../../src/lib/core/index.ts";
import type { Clock } from "../../../../src/lib/core/index.ts";
import { createTabWorld, lifetimeMs, signIn } from "../../../support/tab-world.ts";
import { settle } from "../../../support/virtual-clock.ts";
import type { VirtualClock } from "../../../support/virtual-clock.ts";

describe("the timers of a session", () => {
  it("renew the token of a sign-in too, although nothing was renewed before", async () => {
    const world = createTabWorld();
    const page = world.openTab();
    await signIn(page, world);
    await page.tab.getToken();
    await world.clock.advance(lifetimeMs * 0.9);
    expect(world.issuer.requests).toHaveLength(1);
  });

  it("try again after a failure although a browser's timer comes a fraction too early", async () => {
    const world = createTabWorld();
    const page = world.openTab({ clock: inWholeMilliseconds(world.clock), random: () => 1 / 3 });
    await signIn(page, world);
    await world.clock.advance(lifetimeMs * 0.8);
    world.issuer.behave = () => Promise.reject(new AuthError("unavailable", "503"));
    await page.tab.getToken();
    await settle();
    world.issuer.behave = undefined;
    await world.clock.advance(5_000);
    expect(world.issuer.requests).toHaveLength(2);
  });
});

/** As every runtime does: the clock has no fractions, and a timer drops those of its delay. */
function inWholeMilliseconds(clock: VirtualClock): Clock {
  return {
    now: () => Math.floor(clock.now()),
    after: (delayMs, callback) => clock.after(Math.floor(delayMs), callback),
  };
}

import { describe, expect, it } from "vitest";
import { AuthError, createTokenSource } from "../../../../src/lib/core/index.ts";
import type { AccessToken, Clock } from "../../../../src/lib/core/index.ts";
import { createVirtualClock } from "../../../support/virtual-clock.ts";
import type { VirtualClock } from "../../../support/virtual-clock.ts";

const minuteMs = 60_000;

/** A source whose issuer is away, or refuses the client, until it is back. */
function setUp(adapt: (clock: VirtualClock) => Clock = (clock) => clock) {
  const clock = createVirtualClock();
  const world = { clock, requests: 0, failure: new AuthError("unavailable", "503"), back: false };
  const source = createTokenSource(
    () => {
      world.requests += 1;
      if (!world.back) return Promise.reject(world.failure);
      const accessToken: AccessToken = {
        value: "token",
        type: "Bearer",
        expiresAt: clock.now() + minuteMs,
        scopes: [],
      };
      return Promise.resolve({ accessToken, refreshToken: undefined, idToken: undefined });
    },
    { clock: adapt(clock), random: () => 1 / 3 },
  );
  return { world, source };
}

describe("after a long outage of the issuer", () => {
  it.each([8, 8.3, 8.6])("of %d min no call fails that begins afterwards", async (minutes) => {
    const { world, source } = setUp();
    await callEverySecond(world.clock, () => source.getToken(), minutes * minuteMs);
    world.back = true;
    const { outcomes: calls } = await callEverySecond(
      world.clock,
      () => source.getToken(),
      minuteMs / 2,
    );
    const outcomes = await Promise.all(calls);
    expect(outcomes).toEqual(outcomes.map(() => "token"));
  });

  it("the issuer has been asked at most every five seconds, whatever the calls", async () => {
    const { world, source } = setUp();
    await callEverySecond(world.clock, () => source.getToken(), 10 * minuteMs);
    const firstSteps = 5;
    expect(world.requests).toBeLessThanOrEqual(firstSteps + (10 * minuteMs) / 5_000);
  });

  it("a client that the issuer does not know has not asked more often for all its calls", async () => {
    const { world, source } = setUp();
    world.failure = new AuthError("misconfigured", "invalid_client");
    await callEverySecond(world.clock, () => source.getToken(), 10 * minuteMs);
    expect(world.requests).toBeLessThan(22);
  });

  it("waits for the next attempt without spinning where timers know no fractions", async () => {
    let timers = 0;
    const { world, source } = setUp((clock) => ({
      now: () => Math.floor(clock.now()),
      after(delayMs, callback) {
        timers += 1;
        // Time goes on in the end, so that a loop ends.
        return clock.after(timers < 1_000 ? Math.floor(delayMs) : minuteMs, callback);
      },
    }));
    const outcome = outcomeOf(source.getToken());
    await world.clock.advance(2 * minuteMs);
    expect(await outcome).toBe("unavailable");
    expect(timers).toBeLessThan(100);
  });
});

async function callEverySecond(
  clock: VirtualClock,
  call: () => Promise<AccessToken>,
  durationMs: number,
): Promise<{ readonly outcomes: readonly Promise<string>[] }> {
  const outcomes: Promise<string>[] = [];
  for (let at = 0; at < durationMs; at += 1_000) {
    outcomes.push(outcomeOf(call()));
    await clock.advance(1_000);
  }
  return { outcomes };
}

function outcomeOf(token: Promise<AccessToken>): Promise<string> {
  return token.then(
    ({ value }) => value,
    (error: unknown) => AuthError.from(error).code,
  );
}

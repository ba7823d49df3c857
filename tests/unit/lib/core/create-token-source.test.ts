import { describe, expect, it } from "vitest";
import { AuthError, createTokenSource } from "../../../../src/lib/core/index.ts";
import type {
  Grant,
  GrantRequest,
  TokenRequest,
  TokenResponse,
} from "../../../../src/lib/core/index.ts";
import { createVirtualClock, settle } from "../../../support/virtual-clock.ts";

const lifetimeMs = 100_000;

/** A source over a grant that answers when the test says so. */
function setUp(options: { readonly instant?: boolean } = {}) {
  const clock = createVirtualClock();
  const requests: GrantRequest[] = [];
  const answers: ((answer: TokenResponse | Error) => void)[] = [];
  let count = 0;
  const issue = (lifeMs = lifetimeMs): TokenResponse => ({
    accessToken: {
      value: `token-${++count}`,
      type: "Bearer",
      expiresAt: clock.now() + lifeMs,
      scopes: ["users.read"],
    },
    refreshToken: undefined,
    idToken: undefined,
  });
  const grant: Grant = async (request) => {
    requests.push(request);
    if (options.instant === true) return issue();
    const answer = await new Promise<TokenResponse | Error>((resolve) => answers.push(resolve));
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const source = createTokenSource(grant, { clock, random: () => 0.5 });
  const answer = async (reply: TokenResponse | Error = issue()) => {
    answers.shift()?.(reply);
    await settle();
  };
  const watched = {
    getToken(request?: TokenRequest) {
      const token = source.getToken(request);
      // Tests look at the outcome later than it may come.
      token.catch(() => undefined);
      return token;
    },
  };
  return { clock, requests, source: watched, answer, issue };
}

const unavailable = (retryAt?: number) =>
  new AuthError("unavailable", "503", retryAt === undefined ? {} : { retryAt });

describe("createTokenSource", () => {
  it("asks once for any number of callers", async () => {
    const { source, requests, answer } = setUp();
    const calls = Array.from({ length: 1000 }, () => source.getToken());
    await settle();
    await answer();
    const tokens = await Promise.all(calls);
    expect(new Set(tokens.map((token) => token.value))).toEqual(new Set(["token-1"]));
    expect(requests).toHaveLength(1);
  });

  it("serves from memory while the token is fresh", async () => {
    const { source, requests, clock } = setUp({ instant: true });
    await source.getToken();
    await clock.advance(70_000);
    expect((await source.getToken()).value).toBe("token-1");
    expect(requests).toHaveLength(1);
  });

  it("renews in the background inside the margin, and serves meanwhile", async () => {
    const { source, requests, clock, answer } = setUp();
    const first = source.getToken();
    await settle();
    await answer();
    await first;
    await clock.advance(lifetimeMs - 10_000);
    const served = await Promise.all([source.getToken(), source.getToken()]);
    expect(served.map((token) => token.value)).toEqual(["token-1", "token-1"]);
    expect(requests).toHaveLength(2);
    await answer();
    expect((await source.getToken()).value).toBe("token-2");
  });

  it("waits for a new token after the old one has expired", async () => {
    const { source, clock } = setUp({ instant: true });
    await source.getToken();
    await clock.advance(lifetimeMs);
    expect((await source.getToken()).value).toBe("token-2");
  });

  it("fetches a new token only when the rejected one is still the current one", async () => {
    const { source, requests } = setUp({ instant: true });
    const { value } = await source.getToken();
    const [a, b] = await Promise.all([
      source.getToken({ rejected: value }),
      source.getToken({ rejected: value }),
    ]);
    const late = await source.getToken({ rejected: value });
    expect([a.value, b.value, late.value]).toEqual(["token-2", "token-2", "token-2"]);
    expect(requests).toHaveLength(2);
  });

  it("does not let an API that refuses every token cause a storm of renewals", async () => {
    const { source, requests, clock } = setUp({ instant: true });
    const outcomes: string[] = [];
    let current = await source.getToken();
    for (let call = 0; call < 20; call++) {
      const next = source.getToken({ rejected: current.value });
      await clock.advance(2_000);
      try {
        current = await next;
        outcomes.push("renewed");
      } catch (error) {
        outcomes.push(AuthError.from(error).code);
      }
    }
    expect(requests.length).toBeLessThan(10);
    expect(outcomes).toContain("misconfigured");
  });

  it("lets one caller leave without ending the exchange for the others", async () => {
    const { source, answer, requests } = setUp();
    const leaving = new AbortController();
    const left = source.getToken({ signal: leaving.signal });
    const stays = source.getToken();
    await settle();
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    expect(requests[0]?.signal.aborted).toBe(false);
    await answer();
    expect((await stays).value).toBe("token-1");
  });

  it("asks nobody for a caller that has left already", async () => {
    const { source, requests } = setUp();
    await expect(source.getToken({ signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow(
      "gone",
    );
    expect(requests).toHaveLength(0);
  });

  it("waits for a transient failure to pass, and then succeeds", async () => {
    const { source, answer, clock, requests } = setUp();
    const call = source.getToken();
    await settle();
    await answer(unavailable());
    expect(requests).toHaveLength(1);
    await clock.advance(1_500);
    await answer();
    expect((await call).value).toBe("token-1");
  });

  it("fails at once with unavailable when the issuer asks for more patience than a call has", async () => {
    const { source, answer, clock } = setUp();
    const call = source.getToken();
    await settle();
    await answer(unavailable(clock.now() + 60_000));
    await expect(call).rejects.toMatchObject({ code: "unavailable" });
    await expect(source.getToken()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("remembers a failure: no second request before its time", async () => {
    const { source, answer, clock, requests } = setUp();
    const call = source.getToken();
    await settle();
    await answer(unavailable(clock.now() + 60_000));
    await expect(call).rejects.toBeInstanceOf(AuthError);
    await expect(source.getToken()).rejects.toBeInstanceOf(AuthError);
    await clock.advance(59_000);
    expect(requests).toHaveLength(1);
    const late = source.getToken();
    await clock.advance(2_000);
    expect(requests).toHaveLength(2);
    await answer();
    expect((await late).value).toBe("token-1");
  });

  it("serves a valid token on while renewals fail", async () => {
    const { source, answer, clock } = setUp();
    const first = source.getToken();
    await settle();
    await answer();
    await first;
    await clock.advance(lifetimeMs - 10_000);
    await source.getToken();
    await answer(unavailable());
    expect((await source.getToken()).value).toBe("token-1");
  });

  it("fails a misconfiguration at once and does not ask again for each call", async () => {
    const { source, answer, requests } = setUp();
    const call = source.getToken();
    await settle();
    await answer(new AuthError("misconfigured", "invalid_client"));
    await expect(call).rejects.toMatchObject({ code: "misconfigured" });
    await expect(source.getToken()).rejects.toMatchObject({ code: "misconfigured" });
    expect(requests).toHaveLength(1);
  });

  it("gives the exchange a deadline of its own", async () => {
    const { source, clock, requests } = setUp();
    const call = source.getToken();
    await clock.advance(20_000);
    expect(requests[0]?.signal.aborted).toBe(true);
    await clock.advance(60_000);
    await expect(call).rejects.toMatchObject({ code: "unavailable" });
  });

  it("keeps tokens of different scopes and resources apart", async () => {
    const { source, requests } = setUp({ instant: true });
    const a = await source.getToken({ scopes: ["b", "a"] });
    const b = await source.getToken({ scopes: ["a", "b"] });
    const c = await source.getToken({ resource: "urn:other" });
    expect(a.value).toBe(b.value);
    expect(c.value).not.toBe(a.value);
    expect(requests.map(({ scopes, resource }) => ({ scopes, resource }))).toEqual([
      { scopes: ["b", "a"], resource: undefined },
      { scopes: undefined, resource: "urn:other" },
    ]);
  });

  it("never hands out a token that had expired before it arrived", async () => {
    const { source, answer, issue, clock } = setUp();
    const call = source.getToken();
    await settle();
    await answer(issue(-1));
    await clock.advance(2_000);
    await answer();
    expect((await call).expiresAt).toBeGreaterThan(clock.now());
  });

  it("renews when the clock has gone back to before the token came", async () => {
    const { source, clock } = setUp({ instant: true });
    await source.getToken();
    clock.jump(-3_600_000);
    expect((await source.getToken()).value).toBe("token-2");
  });

  it("shares settled tokens through a cache from outside, one exchange for each source", async () => {
    const clock = createVirtualClock();
    const cache = new Map();
    let count = 0;
    const grant: Grant = async () => ({
      accessToken: {
        value: `t${++count}`,
        type: "Bearer",
        expiresAt: clock.now() + lifetimeMs,
        scopes: [],
      },
      refreshToken: undefined,
      idToken: undefined,
    });
    await createTokenSource(grant, { clock, cache }).getToken();
    const second = await createTokenSource(grant, { clock, cache }).getToken();
    expect(second.value).toBe("t1");
  });

  it("with no time to wait tells a failure at once, and asks no second time for the call", async () => {
    let requests = 0;
    const failing: Grant = () => {
      requests += 1;
      // Whoever asks for ever would hang the test instead of failing it.
      return Promise.reject(requests > 5 ? new AuthError("misconfigured", "6th") : unavailable());
    };
    const source = createTokenSource(failing, { clock: createVirtualClock(), maxWaitMs: 0 });
    await expect(source.getToken()).rejects.toMatchObject({ code: "unavailable" });
    expect(requests).toBe(1);
  });
});

import { beforeEach, expect, test, vi } from "vitest";
import type { TokenSource } from "../../src/lib/core/index.ts";

/** A source that can give tokens, and its surroundings. */
export interface SourceUnderTest {
  readonly source: TokenSource;
  /** How many tokens the issuer was asked for. */
  readonly requests: () => number;
  /** Lets time pass until the current token has expired. */
  readonly expire: () => void;
  readonly advance: (byMs: number) => void;
  readonly now: () => number;
  /** Makes the issuer answer 503, or well again. */
  readonly setDown: (down: boolean) => void;
}

/** What every `TokenSource` promises, whatever stands behind it. */
export function tokenSourceContract(create: () => Promise<SourceUnderTest>): void {
  let it: SourceUnderTest;
  beforeEach(async () => {
    it = await create();
  });

  test("gives a token that has not expired, with its scheme and scopes", async () => {
    const token = await it.source.getToken();
    expect(token.expiresAt).toBeGreaterThan(it.now());
    expect(token).toMatchObject({ type: "Bearer", scopes: expect.arrayContaining(["users.read"]) });
  });

  test("asks the issuer nothing while a token is fresh", async () => {
    const { value } = await it.source.getToken();
    const before = it.requests();
    for (let call = 0; call < 20; call++) expect((await it.source.getToken()).value).toBe(value);
    expect(it.requests()).toBe(before);
  });

  test("asks once for any number of callers after an expiry", async () => {
    const { value } = await it.source.getToken();
    const before = it.requests();
    it.expire();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => it.source.getToken()));
    expect(new Set(tokens.map((token) => token.value)).size).toBe(1);
    expect(tokens[0]?.value).not.toBe(value);
    expect(it.requests()).toBe(before + 1);
  });

  test("fetches a new token for a rejected one only while it is the current one", async () => {
    const { value: rejected } = await it.source.getToken();
    const before = it.requests();
    const [first, second] = await Promise.all([
      it.source.getToken({ rejected }),
      it.source.getToken({ rejected }),
    ]);
    const late = await it.source.getToken({ rejected });
    expect([second.value, late.value]).toEqual([first.value, first.value]);
    expect(first.value).not.toBe(rejected);
    expect(it.requests()).toBe(before + 1);
  });

  test("lets a caller leave with its own reason, and asks nobody for one that has left", async () => {
    await it.source.getToken();
    const before = it.requests();
    it.expire();
    const reason = new Error("left");
    const left = it.source.getToken({ signal: AbortSignal.abort(reason) });
    await expect(left).rejects.toBe(reason);
    expect(it.requests()).toBe(before);
  });

  test("serves a valid token while the issuer is down", async () => {
    const { value } = await it.source.getToken();
    it.setDown(true);
    expect((await it.source.getToken()).value).toBe(value);
  });

  test("fails with an AuthError that says unavailable, and recovers", async () => {
    await it.source.getToken();
    it.expire();
    it.setDown(true);
    await expect(driven(it.source.getToken())).rejects.toMatchObject({ code: "unavailable" });
    it.setDown(false);
    expect((await driven(it.source.getToken())).expiresAt).toBeGreaterThan(it.now());
  });

  /** Lets time pass until the source has made up its mind. */
  async function driven<T>(outcome: Promise<T>): Promise<T> {
    let settled = false;
    outcome
      .finally(() => {
        settled = true;
      })
      .catch(() => undefined);
    await vi.waitFor(
      () => {
        it.advance(500);
        expect(settled).toBe(true);
      },
      { interval: 5, timeout: 8_000 },
    );
    return outcome;
  }
}

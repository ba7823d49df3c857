import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createIssuerBrowser, refresh } from "../support/issuer-browser.ts";
import { startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";

const graceSeconds = 60;

describe("a refresh token whose answer was lost", () => {
  let server: IssuerServer;
  // Stands still, so that a busy machine cannot tell a race from a late answer.
  let nowMs = Date.now();
  let first: unknown;
  beforeAll(async () => {
    server = await startIssuer({ replayGraceSeconds: graceSeconds, now: () => nowMs });
  });
  beforeEach(async () => {
    const { body } = await createIssuerBrowser(server.url).signIn("support");
    first = body["refresh_token"];
  });
  afterEach(() => expect(server.failures).toEqual([]));
  afterAll(() => server.stop());

  const later = (seconds: number) => {
    nowMs += seconds * 1000;
  };

  it("works again and gives the same successor, so that nothing forks", async () => {
    const lost = await refresh(server.url, first);
    later(5);
    const again = await refresh(server.url, first);
    expect(again.status).toBe(200);
    expect(again.body["refresh_token"]).toBe(lost.body["refresh_token"]);
    expect(again.body["access_token"]).not.toBe(lost.body["access_token"]);
    expect((await refresh(server.url, again.body["refresh_token"])).status).toBe(200);
  });

  it("ends the family when its successor was used: then somebody else has it", async () => {
    const second = await refresh(server.url, first);
    later(5);
    const third = await refresh(server.url, second.body["refresh_token"]);
    const reuse = await refresh(server.url, first);
    expect(reuse).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    const after = await refresh(server.url, third.body["refresh_token"]);
    expect(after.body["error"]).toBe("invalid_grant");
  });

  it("ends the family when it comes too late", async () => {
    const second = await refresh(server.url, first);
    later(graceSeconds + 1);
    expect((await refresh(server.url, first)).body["error"]).toBe("invalid_grant");
    const after = await refresh(server.url, second.body["refresh_token"]);
    expect(after.body["error"]).toBe("invalid_grant");
  });

  it("counts the time from its first use, however often it comes", async () => {
    await refresh(server.url, first);
    later(graceSeconds - 5);
    expect((await refresh(server.url, first)).status).toBe(200);
    later(6);
    expect((await refresh(server.url, first)).body["error"]).toBe("invalid_grant");
  });

  it("tells two holders apart at their next refresh, however they take turns", async () => {
    // A thief who follows the owner within the time of grace, and never goes first.
    const owner = await refresh(server.url, first);
    later(5);
    const thief = await refresh(server.url, first);
    expect(thief.body["refresh_token"]).toBe(owner.body["refresh_token"]);
    later(40);
    const next = await refresh(server.url, owner.body["refresh_token"]);
    expect(next.status).toBe(200);
    later(5);
    const followed = await refresh(server.url, thief.body["refresh_token"]);
    expect(followed).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    const after = await refresh(server.url, next.body["refresh_token"]);
    expect(after.body["error"]).toBe("invalid_grant");
  });

  it("can be asked for as often as answers are lost, until one arrives", async () => {
    await refresh(server.url, first);
    const answers = [];
    for (let round = 0; round < 3; round += 1) {
      later(5);
      answers.push(await refresh(server.url, first));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const arrived = await refresh(server.url, answers.at(-1)?.body["refresh_token"]);
    later(5);
    expect(arrived.status).toBe(200);
    // The token after that is an ordinary one again, whose answer may be lost.
    const lost = await refresh(server.url, arrived.body["refresh_token"]);
    later(5);
    const again = await refresh(server.url, arrived.body["refresh_token"]);
    expect(again.body["refresh_token"]).toBe(lost.body["refresh_token"]);
  });

  it("has one winner among fifteen at the same time, and the others may ask again", async () => {
    const answers = await Promise.all(Array.from({ length: 15 }, () => refresh(server.url, first)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(losers.every(({ body }) => body["error"] === "temporarily_unavailable")).toBe(true);
    later(5);
    expect((await refresh(server.url, first)).status).toBe(200);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../../src/backend/database/index.ts";
import { createRecords } from "../../../../src/backend/issuer/records.ts";

describe("records", () => {
  let database: DatabaseSync;
  let nowMs = 0;
  const count = () =>
    Number(database.prepare("SELECT count(*) AS n FROM issuer_records").get()?.["n"]);
  beforeEach(() => {
    nowMs = 1_000_000_000_000;
    database = openDatabase(":memory:");
  });
  afterEach(() => database.close());

  it("give a token back under its id, and keep the id as a digest only", async () => {
    const tokens = createRecords(database, () => nowMs).adapter("RefreshToken");
    await tokens.upsert("the-id", { jti: "the-id", accountId: "support", grantId: "g" }, 60);
    expect(await tokens.find("the-id")).toEqual({
      jti: "the-id",
      accountId: "support",
      grantId: "g",
    });
    const rows = JSON.stringify(database.prepare("SELECT * FROM issuer_records").all());
    expect(rows).not.toContain("the-id");
  });

  it("find a session by its uid, with the id to save it under", async () => {
    const sessions = createRecords(database, () => nowMs).adapter("Session");
    await sessions.upsert("cookie", { jti: "cookie", uid: "u" }, 60);
    expect(await sessions.findByUid("u")).toEqual({ jti: "cookie", uid: "u" });
    await sessions.destroy("cookie");
    expect(await sessions.findByUid("u")).toBeUndefined();
  });

  it("let a token be consumed once", async () => {
    const tokens = createRecords(database, () => nowMs).adapter("RefreshToken");
    await tokens.upsert("id", { jti: "id" }, 60);
    await tokens.consume("id");
    expect(await tokens.find("id")).toMatchObject({ consumed: nowMs / 1000 });
    await expect(tokens.consume("id")).rejects.toMatchObject({ error: "invalid_grant" });
    await expect(tokens.consume("unknown")).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it("keep models apart, and end a grant model by model", async () => {
    const records = createRecords(database, () => nowMs);
    const codes = records.adapter("AuthorizationCode");
    const tokens = records.adapter("RefreshToken");
    await codes.upsert("id", { grantId: "g" }, 60);
    await tokens.upsert("id", { grantId: "g" }, 60);
    await tokens.upsert("other", { grantId: "h" }, 60);
    await tokens.revokeByGrantId("g");
    expect(await tokens.find("id")).toBeUndefined();
    expect(await codes.find("id")).toBeDefined();
    expect(await tokens.find("other")).toBeDefined();
  });

  it("mark an identifier as used once per issuer, until it would have expired anyway", () => {
    const records = createRecords(database, () => nowMs);
    const end = nowMs / 1000 + 60;
    expect(records.markUsed("a", "bc", end)).toBe(true);
    expect(records.markUsed("a", "bc", end)).toBe(false);
    expect(records.markUsed("ab", "c", end)).toBe(true);
    nowMs += 60_000;
    expect(records.markUsed("a", "bc", end + 60)).toBe(true);
    expect(records.markUsed("a", "bc", end + 60)).toBe(false);
  });

  it("remove what has expired, a bounded number at a time, and nothing else", async () => {
    const records = createRecords(database, () => nowMs);
    const sessions = records.adapter("Session");
    for (let index = 0; index < 1_500; index += 1) await sessions.upsert(`old${index}`, {}, 10);
    await sessions.upsert("young", {}, 10_000);
    records.sweep();
    expect(count()).toBe(1_501);
    nowMs += 120_000;
    expect(records.sweep()).toBe(true);
    expect(count()).toBe(501);
    expect(records.sweep()).toBe(false);
    expect(count()).toBe(1);
    expect(await sessions.find("young")).toBeDefined();
  });

  it("revoke every grant, code and refresh token, and leave people signed in", async () => {
    const records = createRecords(database, () => nowMs);
    for (const model of ["Grant", "RefreshToken", "AuthorizationCode", "Session"]) {
      await records.adapter(model).upsert("id", {}, 60);
    }
    expect(records.revokeAll()).toBe(1);
    expect(count()).toBe(1);
    expect(await records.adapter("Session").find("id")).toBeDefined();
  });
});

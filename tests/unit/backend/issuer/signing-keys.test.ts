import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSigningKeys } from "../../../../src/backend/issuer/signing-keys.ts";

describe("signing keys", () => {
  let dir = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "keys-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const kids = (keys: { publicKeys(): { keys: { kid?: string }[] } }) =>
    keys.publicKeys().keys.map(({ kid }) => kid);

  it("are made once, for their owner only, and loaded after that", async () => {
    const first = await loadSigningKeys(dir);
    expect(statSync(join(dir, "issuer-keys.json")).mode & 0o777).toBe(0o600);
    const second = await loadSigningKeys(dir);
    expect(second.signing).toEqual(first.signing);
    expect(second.cookieSecrets).toEqual(first.cookieSecrets);
  });

  it("are the same for two that start at once, and no draft stays behind", async () => {
    const [first, second] = await Promise.all([loadSigningKeys(dir), loadSigningKeys(dir)]);
    expect(second.signing).toEqual(first.signing);
    expect(readdirSync(dir)).toEqual(["issuer-keys.json"]);
  });

  it("publish the next one before it signs, and the old one after it signed", async () => {
    const keys = await loadSigningKeys(dir);
    const [current, next] = kids(keys);
    await keys.rotate();
    expect(kids(keys)[0]).toBe(next);
    expect(kids(keys).slice(2)).toEqual([current]);
    expect(kids(await loadSigningKeys(dir))).toEqual(kids(keys));
    expect(statSync(join(dir, "issuer-keys.json")).mode & 0o777).toBe(0o600);
  });

  it("are old after thirty days of signing, and young again after a rotation", async () => {
    let nowMs = 1_000;
    const keys = await loadSigningKeys(dir, () => nowMs);
    nowMs += 30 * 86_400_000 - 1;
    expect(keys.areOld(nowMs)).toBe(false);
    nowMs += 1;
    expect(keys.areOld(nowMs)).toBe(true);
    await keys.rotate();
    expect(keys.areOld(nowMs)).toBe(false);
    const reloaded = await loadSigningKeys(dir, () => nowMs);
    expect(reloaded.areOld(nowMs + 30 * 86_400_000)).toBe(true);
  });

  it("keep a bounded number of retired ones", async () => {
    const keys = await loadSigningKeys(dir);
    for (let turn = 0; turn < 6; turn += 1) await keys.rotate();
    expect(kids(keys)).toHaveLength(6);
    expect(new Set(kids(keys)).size).toBe(6);
  });

  it("show nothing private to the public", async () => {
    const { keys } = (await loadSigningKeys(dir)).publicKeys();
    for (const key of keys)
      expect(Object.keys(key).toSorted()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
  });

  it("name the file that holds none", async () => {
    const path = join(dir, "issuer-keys.json");
    writeFileSync(path, "{}");
    await expect(loadSigningKeys(dir)).rejects.toThrow(`${path} holds no signing keys`);
    expect(readFileSync(path, "utf8")).toBe("{}");
  });
});

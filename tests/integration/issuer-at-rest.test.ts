import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIssuerBrowser, redeem, refresh } from "../support/issuer-browser.ts";
import { startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";
import { loadServiceClient } from "../support/issuer-service-client.ts";

let server: IssuerServer;
beforeAll(async () => {
  server = await startIssuer({ replayGraceSeconds: 60 });
});
afterAll(() => server.stop());

/** Every byte of the database: the file, its write-ahead log and the log's index. */
function databaseBytes(): Buffer {
  const names = readdirSync(server.dataDir).filter((name) => name.startsWith("backend.db"));
  return Buffer.concat(names.map((name) => readFileSync(join(server.dataDir, name))));
}

/** Everything secret that goes through the issuer in two sign-ins, and what is known of each. */
async function useEverything(): Promise<ReadonlyMap<string, string>> {
  const browser = createIssuerBrowser(server.url);
  const { page, verifier } = await browser.authorize();
  const end = await browser.submit(page, { name: "support", password: "support" });
  const first = await redeem(server.url, end, verifier);
  const second = await refresh(server.url, first.body["refresh_token"]);
  const service = await loadServiceClient(server);
  const assertion = await service.assertion();
  const brought = await service.bring(assertion, { scope: "admin offline_access" });
  return new Map([
    ["authorization code", end.url.searchParams.get("code") ?? ""],
    ["code verifier", verifier],
    ["access token", String(first.body["access_token"])],
    ["ID token", String(first.body["id_token"])],
    ["used refresh token", String(first.body["refresh_token"])],
    ["refresh token", String(second.body["refresh_token"])],
    ["refresh token of a service", String(brought.body["refresh_token"])],
    ["assertion", assertion],
    ["secret of the service client", service.secret],
    ["secret of the test client", "foobar"],
  ]);
}

describe("the database's files, byte by byte,", () => {
  it("hold no token and no secret", async () => {
    const secrets = await useEverything();
    const bytes = databaseBytes();
    for (const [what, secret] of secrets) {
      expect(secret.length, what).toBeGreaterThan(5);
      expect(bytes.includes(secret), what).toBe(false);
      // Of a JWT nothing that could be completed, either.
      for (const part of secret.split(".")) {
        if (part.length > 40) expect(bytes.includes(part), what).toBe(false);
      }
    }
    const refreshToken = secrets.get("refresh token") ?? "";
    const digest = createHash("sha256").update(refreshToken).digest("base64url");
    expect(bytes.includes(digest)).toBe(true);
  });

  it("hold each client's secret as scrypt with a salt of its own", () => {
    const stored = databaseBytes().toString("latin1");
    const hashes = new Set(stored.match(/scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}/g));
    expect(hashes.size).toBe(2);
    expect(new Set([...hashes].map((hash) => hash.split("$")[4])).size).toBe(2);
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provideCertificates } from "../../scripts/start/provide-certificates.ts";
import type { ProvidedCertificates } from "../../scripts/start/provide-certificates.ts";
import { trust } from "../../src/lib/node/index.ts";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { runCli } from "../support/cli.ts";
import type { CliOptions } from "../support/cli.ts";
import { waitFor } from "../support/wait-for.ts";

const ada = "User: user123, Name: Ada Lovelace";
let folder = "";
let backend: TestBackend;
let certificates: ProvidedCertificates;
let other: ProvidedCertificates;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-tls-"));
  certificates = await provideCertificates(folder);
  other = await provideCertificates(join(folder, "other"));
  backend = await startTestBackend({ tls: certificates, seedUsers: 5, accessTokenTtlSeconds: 2 });
});
afterAll(async () => {
  await backend.remove();
  await rm(folder, { recursive: true, force: true });
});

const lookup = (args: readonly string[], options?: CliOptions) =>
  runCli(["--issuer", backend.issuerUrl, "--api", backend.apiUrl, ...args], options);

describe("user-lookup and private authorities", () => {
  test("takes one for both, or one for each", async () => {
    const { caFile } = certificates;
    const found = { code: 0, out: [ada], err: [] };
    expect(await lookup(["--ca", caFile, "user123"])).toEqual(found);
    expect(await lookup(["--ca", caFile, "--api-ca", caFile, "user123"])).toEqual(found);
  });

  test("names the issuer, or the API, whose certificate is not accepted, and the option", async () => {
    const [issuer, api] = [backend.issuerUrl, backend.apiUrl].map((url) => new URL(url).host);
    const cases = [
      [[], issuer, "--ca"],
      [["--api-ca", certificates.caFile], issuer, "--ca"],
      [["--ca", other.caFile], issuer, "--ca"],
      [["--ca", certificates.caFile, "--api-ca", other.caFile], api, "--api-ca"],
    ] as const;
    for (const [args, host, option] of cases) {
      const { code, out, err } = await lookup([...args, "user123"]);
      expect({ code, out }).toEqual({ code: 3, out: [] });
      expect(err).toHaveLength(1);
      expect(err[0]).toContain(`The certificate of ${host} is not accepted (`);
      expect(err[0]).toMatch(new RegExp(`; name its authority with ${option} FILE\\.$`));
    }
  });

  test("takes no file that holds no certificate", async () => {
    const { code, err } = await lookup(["--api-ca", certificates.keyFile, "user123"]);
    expect(code).toBe(2);
    expect(err.join()).toContain(`${certificates.keyFile} of --api-ca holds no certificate`);
    expect(err.join()).not.toContain("PRIVATE");
  });

  test("watches on with new tokens when the old ones expire", async () => {
    const { fetch } = trust({ ca: certificates.ca });
    const tokenRequests = async () => {
      const response = await fetch(`${backend.issuerUrl}/demo/counters`);
      const { tokenRequests: count }: { tokenRequests: number } = await response.json();
      return count;
    };
    const before = await tokenRequests();
    const person = new AbortController();
    const seen: string[] = [];
    const watching = lookup(["--ca", certificates.caFile, "--watch", "user123"], {
      signal: person.signal,
      onPrint: (line) => void seen.push(line),
    });
    await waitFor(async () => expect(await tokenRequests()).toBeGreaterThan(before + 2), 20_000);
    const database = new DatabaseSync(backend.databaseFile);
    database.exec("UPDATE users SET name = 'Ada King' WHERE id = 'user123'");
    database.close();
    await waitFor(() => expect(seen.at(-1)).toContain("Name: Ada King"), 10_000);
    person.abort();
    expect(await watching).toMatchObject({ code: 0, err: [] });
    expect(seen).toHaveLength(2);
  });
});

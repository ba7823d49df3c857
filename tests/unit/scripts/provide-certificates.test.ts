import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { provideCertificates } from "../../../scripts/start/provide-certificates.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "certificates-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

describe("the development certificates", () => {
  test("are for loopback names only, from an authority whose key nobody has", async () => {
    const { ca, cert, caFile, keyFile } = await provideCertificates(folder);
    const certificate = new X509Certificate(cert);
    const authority = new X509Certificate(ca);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect([certificate.ca, authority.ca]).toEqual([false, true]);
    expect(certificate.checkHost("localhost")).toBe("localhost");
    for (const address of ["127.0.0.1", "::1"]) expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.checkHost("example.com")).toBeUndefined();
    expect(readdirSync(join(folder, "tls"))).toEqual(["ca.pem", "server-key.pem", "server.pem"]);
    expect(caFile).toBe(join(folder, "tls", "ca.pem"));
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  test("stay the same from start to start", async () => {
    const first = await provideCertificates(folder);
    expect(await provideCertificates(folder)).toEqual(first);
  });

  test.each(["caFile", "certFile", "keyFile"] as const)(
    "are made anew when %s is missing, damaged or another one's",
    async (name) => {
      const first = await provideCertificates(folder);
      const other = await provideCertificates(join(folder, "other"));
      const content = { caFile: other.ca, certFile: other.cert, keyFile: other.key }[name];
      for (const wrong of [content, "damaged", undefined]) {
        if (wrong === undefined) rmSync(first[name]);
        else writeFileSync(first[name], wrong);
        const again = await provideCertificates(folder);
        expect(again.cert).not.toBe(first.cert);
        expect(await provideCertificates(folder)).toEqual(again);
      }
    },
  );

  test("are made anew a week before they end", async () => {
    const first = await provideCertificates(folder);
    const end = Date.parse(new X509Certificate(first.cert).validTo);
    vi.useFakeTimers({ toFake: ["Date"], now: end - 8 * 86_400_000 });
    expect(await provideCertificates(folder)).toEqual(first);
    vi.setSystemTime(end - 6 * 86_400_000);
    expect((await provideCertificates(folder)).cert).not.toBe(first.cert);
  });
});

import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createDevelopmentCertificates } from "./development-certificates.ts";
import type { DevelopmentCertificates } from "./development-certificates.ts";

/** Certificates for this machine, and where they are. */
export interface ProvidedCertificates extends DevelopmentCertificates {
  /** What browsers and clients have to trust. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

const leastLeftMs = 7 * 86_400_000;

/** The certificates in `dataDir`; made on the first start, and anew when they end within a week. */
export async function provideCertificates(dataDir: string): Promise<ProvidedCertificates> {
  const folder = resolve(dataDir, "tls");
  const files = {
    caFile: join(folder, "ca.pem"),
    certFile: join(folder, "server.pem"),
    keyFile: join(folder, "server-key.pem"),
  };
  const kept = await read(files);
  if (kept !== undefined && fits(kept)) return { ...kept, ...files };
  const made = await createDevelopmentCertificates();
  await mkdir(folder, { recursive: true });
  await replace(files.keyFile, made.key, 0o600);
  await replace(files.certFile, made.cert, 0o644);
  await replace(files.caFile, made.ca, 0o644);
  return { ...made, ...files };
}

type Files = Omit<ProvidedCertificates, keyof DevelopmentCertificates>;

async function read(files: Files): Promise<DevelopmentCertificates | undefined> {
  if (!Object.values(files).every((file) => existsSync(file))) return undefined;
  return {
    ca: await readFile(files.caFile, "utf8"),
    cert: await readFile(files.certFile, "utf8"),
    key: await readFile(files.keyFile, "utf8"),
  };
}

/** Whether the three belong together and go on for a while. */
function fits({ ca, cert, key }: DevelopmentCertificates): boolean {
  try {
    const authority = new X509Certificate(ca);
    const certificate = new X509Certificate(cert);
    const leftMs = Date.parse(certificate.validTo) - Date.now();
    const belongs = certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
    return belongs && leftMs > leastLeftMs && certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    // A file that was damaged is made anew like one that is missing.
    return false;
  }
}

async function replace(file: string, content: string, mode: number): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, content, { mode });
  await rename(draft, file);
}

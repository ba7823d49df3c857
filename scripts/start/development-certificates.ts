// tsyringe, beneath x509, needs it first.
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { X509Certificate } from "@peculiar/x509";

/** A certificate authority of this machine and a certificate of it for loopback names. All PEM. */
export interface DevelopmentCertificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;
// Browsers accept no more for a certificate whose authority was added by hand.
const lifetimeDays = 397;

/**
 * Makes a certificate authority and, signed by it, a certificate for
 * `localhost`, 127.0.0.1 and ::1. Nobody keeps the authority's key, so whoever
 * trusts it trusts this one certificate and never another.
 */
export async function createDevelopmentCertificates(): Promise<DevelopmentCertificates> {
  const authority = await createKeys();
  const ca = await createAuthority(authority);
  const keys = await createKeys();
  const cert = await createLeaf(ca, authority.privateKey, keys.publicKey);
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    ca: pem(ca),
    cert: pem(cert),
    key: `${PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`,
  };
}

function createKeys() {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

// Not by name: a program with the types of pages calls them otherwise.
type Keys = Awaited<ReturnType<typeof createKeys>>;

function validity() {
  const notBefore = new Date(Date.now() - dayMs);
  return { notBefore, notAfter: new Date(notBefore.getTime() + lifetimeDays * dayMs) };
}

async function createAuthority(keys: Keys): Promise<X509Certificate> {
  return X509CertificateGenerator.createSelfSigned({
    name: `CN=User Lookup development CA ${new Date().toISOString().slice(0, 10)}`,
    keys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

async function createLeaf(
  ca: X509Certificate,
  signingKey: Keys["privateKey"],
  publicKey: Keys["publicKey"],
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    subject: "CN=localhost",
    issuer: ca.subject,
    publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
      ]),
      await AuthorityKeyIdentifierExtension.create(ca, false),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

import { createDevelopmentCertificates } from "../../scripts/start/development-certificates.ts";
import type { DevelopmentCertificates } from "../../scripts/start/development-certificates.ts";

let made: Promise<DevelopmentCertificates> | undefined;

/** An authority and a certificate of it for loopback; the same ones for all tests of a file. */
export function loopbackCertificates(): Promise<DevelopmentCertificates> {
  made ??= createDevelopmentCertificates();
  return made;
}

import type { JWK } from "jose";

/** What an issuer of assertions may say about one subject. */
export interface Trust {
  /** Public keys that its assertions about the subject are signed with. */
  readonly keys: readonly JWK[];
  /** The most that an assertion can ask for. */
  readonly scopes: readonly string[];
}

/** Who is believed about whom (RFC 7523 §3: the relationship between issuer and authorization server). */
export interface TrustStore {
  /** What `issuer` may assert about `subject`, or undefined when it may assert nothing. */
  find(issuer: string, subject: string): Trust | undefined;
}

/** Believes `issuer` about the accounts that `isSubject` knows, each with the same keys and scopes. */
export function createTrustStore(
  issuer: string,
  trust: Trust,
  isSubject: (id: string) => boolean,
): TrustStore {
  return { find: (iss, sub) => (iss === issuer && isSubject(sub) ? trust : undefined) };
}

import type { AccountClaims } from "oidc-provider";
import type { ApiScope } from "./scopes.ts";

/** Someone, or some service, that a token can be about. */
export interface Account {
  /** The subject identifier (`sub`). */
  readonly id: string;
  /** What the account may do at the API; a token never says more. */
  readonly scopes: readonly ApiScope[];
  /** OpenID Connect Core §5.1 claims. */
  readonly claims: AccountClaims;
}

/** A person whose password is public, for trying the product on one's own machine. */
export interface DemoAccount extends Account {
  readonly password: string;
  /** Two letters for the avatar. */
  readonly initials: string;
  readonly description: string;
}

/** The people and services of one issuer. */
export interface Accounts {
  find(id: string): Account | undefined;
  /** The account of a name and its password, or undefined when they do not belong together. */
  authenticate(name: string, password: string): Account | undefined;
  /** The demo people, for the sign-in page; none outside a demo. */
  readonly demo: readonly DemoAccount[];
}

const demoAccounts: readonly DemoAccount[] = [
  demoAccount("support", "SU", "looks people up", ["users.read"]),
  demoAccount("supervisor", "SV", "may also see contact details", ["users.read", "users.contact"]),
  demoAccount("guest", "GU", "may sign in, may read nothing", []),
];

function demoAccount(
  name: string,
  initials: string,
  description: string,
  scopes: readonly ApiScope[],
): DemoAccount {
  const claims = {
    sub: name,
    name: name.charAt(0).toUpperCase() + name.slice(1),
    preferred_username: name,
    email: `${name}@user-lookup.example`,
    email_verified: true,
  };
  return { id: name, password: name, initials, description, scopes, claims };
}

/**
 * The accounts of an issuer: the demo people when `demo`, and always `services`, which cannot sign in at the page but
 * can be the subject of an assertion (RFC 7523 §3, `sub`).
 */
export function createAccounts(demo: boolean, services: readonly Account[]): Accounts {
  const people = demo ? demoAccounts : [];
  const byId = new Map([...services, ...people].map((account) => [account.id, account]));
  return {
    demo: people,
    find: (id) => byId.get(id),
    authenticate: (name, password) =>
      people.find((person) => person.id === name && person.password === password),
  };
}

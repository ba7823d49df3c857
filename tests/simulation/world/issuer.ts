import type { IssuerPolicy } from "../script.ts";

/** A session as the issuer sees it: all refresh tokens that descend from one sign-in. */
export interface Family {
  readonly id: number;
  readonly subject: string;
  /** When the person was at the issuer, in virtual time. */
  readonly signedInAt: number;
  /** When a tab had finished this sign-in; `undefined` while none has. */
  establishedAt: number | undefined;
  revokedBy: "issuer" | "sign-out" | "reuse" | undefined;
  /** The client may not have heard of the newest refresh token. */
  answerLost: boolean;
  /** A token request of this family was refused with an error of class one. */
  refused: boolean;
}

/** An access token as the issuer knows it. */
export interface IssuedToken {
  readonly value: string;
  readonly family: Family;
  readonly key: number;
  readonly scopes: readonly string[];
  /** By the issuer's clock, which never jumps. */
  readonly expiresAt: number;
  /** By the clock of the tab that asked: what the client may go by. */
  clientExpiresAt: number;
  /** The API has said UNAUTHENTICATED to it. */
  refused: boolean;
}

interface RefreshToken {
  readonly family: Family;
  replacedAt: number | undefined;
}

/** What the issuer gives out. */
export interface Issued {
  readonly access: IssuedToken;
  /** Absent when the old one stays. */
  readonly refreshToken: string | undefined;
}

/** What every token of the model begins with, so that a leak can be found. */
export const secretMark = "s3cret-";

const allScopes = ["users.read", "users.contact"];

/** An issuer with rotation and reuse detection (RFC 9700, section 4.14.2). */
export class Issuer {
  readonly #policy: IssuerPolicy;
  readonly #onReuse: (family: Family) => void;
  readonly #families: Family[] = [];
  readonly #refreshTokens = new Map<string, RefreshToken>();
  readonly #accessTokens = new Map<string, IssuedToken>();
  #serial = 0;
  key = 1;

  constructor(policy: IssuerPolicy, onReuse: (family: Family) => void) {
    this.#policy = policy;
    this.#onReuse = onReuse;
  }

  get lifetimeMs(): number {
    return this.#policy.lifetimeMs;
  }

  signIn(subject: string, now: number): Issued {
    const family: Family = {
      id: this.#families.length,
      subject,
      signedInAt: now,
      establishedAt: undefined,
      revokedBy: undefined,
      answerLost: false,
      refused: false,
    };
    this.#families.push(family);
    const refreshToken = this.#createRefreshToken(family);
    return { access: this.#createAccessToken(family, allScopes, now), refreshToken };
  }

  /** `undefined` means `invalid_grant`. */
  refresh(value: string, scopes: readonly string[], now: number): Issued | undefined {
    const token = this.#refreshTokens.get(value);
    if (token === undefined) return undefined;
    const { family, replacedAt } = token;
    const reused = replacedAt !== undefined && now - replacedAt > this.#policy.graceMs;
    if (reused && family.revokedBy === undefined) {
      family.revokedBy = "reuse";
      this.#onReuse(family);
    }
    if (family.revokedBy !== undefined) {
      family.refused = true;
      return undefined;
    }
    const access = this.#createAccessToken(family, scopes, now);
    if (this.#policy.rotation === "none") return { access, refreshToken: undefined };
    token.replacedAt ??= now;
    return { access, refreshToken: this.#createRefreshToken(family) };
  }

  revoke(value: string): void {
    const family = this.#refreshTokens.get(value)?.family;
    if (family !== undefined) family.revokedBy ??= "sign-out";
  }

  revokeAllOf(subject: string): void {
    for (const family of this.#families) {
      if (family.subject === subject) family.revokedBy ??= "issuer";
    }
  }

  family(id: number): Family | undefined {
    return this.#families[id];
  }

  familyOf(value: string | undefined): Family | undefined {
    return value === undefined ? undefined : this.#refreshTokens.get(value)?.family;
  }

  accessToken(value: string): IssuedToken | undefined {
    return this.#accessTokens.get(value);
  }

  #createRefreshToken(family: Family): string {
    const value = `${secretMark}refresh-${family.id}-${this.#serial++}`;
    this.#refreshTokens.set(value, { family, replacedAt: undefined });
    return value;
  }

  #createAccessToken(family: Family, scopes: readonly string[], now: number): IssuedToken {
    const token: IssuedToken = {
      value: `${secretMark}access-${family.id}-${this.#serial++}`,
      family,
      key: this.key,
      scopes,
      expiresAt: now + this.#policy.lifetimeMs,
      clientExpiresAt: 0,
      refused: false,
    };
    this.#accessTokens.set(token.value, token);
    return token;
  }
}

/** The scopes of an answer. */
export function grantedScopes(asked: readonly string[] | undefined, narrow: boolean): string[] {
  return narrow ? ["users.contact"] : [...(asked ?? allScopes)];
}

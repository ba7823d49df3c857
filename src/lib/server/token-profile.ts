/** The claims of a token, checked or not. */
export type Claims = Readonly<Record<string, unknown>>;

/** Issuers whose access tokens are not what RFC 9068 asks for. */
export type TokenProfileName = "fosite" | "keycloak" | "entra" | "auth0" | "okta";

/** How the access tokens of an issuer look. */
export interface TokenProfile {
  /** The values of `typ` that are accepted, in lower case, without `application/`; "" where there may be none. */
  readonly types: readonly string[];
  /** Claims that must be there as text, besides `iss` and `sub`. */
  readonly requiredClaims: readonly string[];
  /** Whether the claims are those of an access token, where `typ` does not tell. */
  readonly isAccessToken: (claims: Claims) => boolean;
  readonly clientId: (claims: Claims) => string | undefined;
  readonly scopes: (claims: Claims) => readonly string[];
  readonly tokenId: (claims: Claims) => string | undefined;
}

const rfc9068: TokenProfile = {
  types: ["at+jwt"],
  requiredClaims: ["client_id", "jti"],
  isAccessToken: () => true,
  clientId: (claims) => text(claims["client_id"]),
  scopes: (claims) => words(claims["scope"]),
  tokenId: (claims) => text(claims["jti"]),
};

// `typ: JWT` tells an access token no more from an ID token; these claims do
// (OpenID Connect Core, sections 2 and 3.1.3.6).
const plainJwt: TokenProfile = {
  ...rfc9068,
  types: ["at+jwt", "jwt"],
  requiredClaims: [],
  isAccessToken: (claims) => claims["at_hash"] === undefined && claims["c_hash"] === undefined,
};

const profiles: Readonly<Record<TokenProfileName, TokenProfile>> = {
  /** fosite and Hydra: `scp` as a list, by configuration `scope`. */
  fosite: {
    ...plainJwt,
    requiredClaims: ["jti"],
    scopes: (claims) => words(claims["scp"] ?? claims["scope"]),
  },
  /** Keycloak: the client is `azp`; its own claim `typ` tells the kinds of tokens apart. */
  keycloak: {
    ...plainJwt,
    requiredClaims: ["jti", "azp"],
    isAccessToken: (claims) => claims["typ"] === "Bearer",
    clientId: (claims) => text(claims["azp"]),
  },
  /**
   * Microsoft Entra ID, v1 and v2: `scp` for people, `roles` for applications. Its ID tokens may have `roles` and no
   * hash, and the same audience where page and API are one application; they name no client.
   */
  entra: {
    ...plainJwt,
    isAccessToken: (claims) => plainJwt.isAccessToken(claims) && entraClient(claims) !== undefined,
    clientId: entraClient,
    scopes: (claims) => words(claims["scp"] ?? claims["roles"]),
    tokenId: (claims) => text(claims["uti"]) ?? text(claims["jti"]),
  },
  /** Auth0 with its own token dialect. */
  auth0: {
    ...plainJwt,
    requiredClaims: ["azp"],
    clientId: (claims) => text(claims["azp"]),
  },
  /** Okta's custom authorization servers: no `typ`; the client is `cid`, which an ID token has not. */
  okta: {
    ...plainJwt,
    types: [...plainJwt.types, ""],
    requiredClaims: ["jti", "cid"],
    clientId: (claims) => text(claims["cid"]),
    scopes: (claims) => words(claims["scp"]),
  },
};

function entraClient(claims: Claims): string | undefined {
  return text(claims["azp"]) ?? text(claims["appid"]);
}

/** The profile of that name; without a name, RFC 9068 to the letter. */
export function tokenProfile(name: TokenProfileName | undefined): TokenProfile {
  return name === undefined ? rfc9068 : profiles[name];
}

/** A claim that is text and not empty. */
export function text(claim: unknown): string | undefined {
  return typeof claim === "string" && claim !== "" ? claim : undefined;
}

function words(claim: unknown): readonly string[] {
  if (typeof claim === "string") return claim.split(" ").filter((word) => word !== "");
  if (Array.isArray(claim)) return claim.filter((word) => typeof word === "string");
  return [];
}

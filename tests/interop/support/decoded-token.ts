import { decodeJwt, decodeProtectedHeader } from "jose";

/** A token without its signature: what a fixture of a profile holds. */
export interface DecodedToken {
  readonly header: object;
  readonly claims: object;
}

/** Header and claims of a JWT. */
export function decodeToken(token: string): DecodedToken {
  return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
}

/** The names of the fields and the kind of each value: what is alike from token to token. */
export function shapeOf({ header, claims }: DecodedToken): DecodedToken {
  return { header: kindsOf(header), claims: kindsOf(claims) };
}

function kindsOf(fields: object): Readonly<Record<string, string>> {
  const kind = (value: unknown) => (Array.isArray(value) ? "list" : typeof value);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, kind(value)] as const),
  );
}

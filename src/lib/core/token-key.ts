/** What a token is for: one cache entry for each. */
export interface TokenTarget {
  readonly scopes?: readonly string[] | undefined;
  readonly resource?: string | undefined;
}

/** The name of the target of a request that names neither scopes nor resource. */
export const defaultKey = "";

/** A name for a target: the same for the same resource and set of scopes. */
export function tokenKey(target: TokenTarget): string {
  if (target.scopes === undefined && target.resource === undefined) return defaultKey;
  const scopes = target.scopes === undefined ? null : [...new Set(target.scopes)].toSorted();
  return JSON.stringify([target.resource ?? null, scopes]);
}

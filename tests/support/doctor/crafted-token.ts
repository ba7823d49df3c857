/** A JWT that no issuer signed, with these parts instead of those of a good one. */
export function craftToken(
  issuer: string,
  changes: { readonly typ?: string; readonly claims?: Readonly<Record<string, unknown>> } = {},
): string {
  const inAnHour = Math.floor(Date.now() / 1000) + 3600;
  const head = { alg: "RS256", typ: changes.typ ?? "at+jwt", kid: "none" };
  const claims = {
    iss: issuer,
    sub: "doctor",
    aud: "urn:user-lookup:users",
    exp: inAnHour,
    ...changes.claims,
  };
  const parts = [head, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  return [...parts, Buffer.from("no signature").toString("base64url")].join(".");
}

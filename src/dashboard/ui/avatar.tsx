/** The first letters of a name, at most two; of "Ada Lovelace" it is "AL". */
export function initialsOf(name: string): string {
  const parts = name.trim().split(/\s+/);
  const first = parts[0]?.match(/\p{L}|\p{N}/u)?.[0] ?? "";
  const last = parts.length > 1 ? (parts.at(-1)?.match(/\p{L}|\p{N}/u)?.[0] ?? "") : "";
  return `${first}${last}`.toUpperCase();
}

/** A disc with initials. Decoration: the name stands beside it. */
export function Avatar({
  name,
  large = false,
}: {
  readonly name: string;
  readonly large?: boolean;
}) {
  return (
    <span
      className={large ? "avatar avatar-large" : "avatar"}
      data-initials={initialsOf(name)}
      aria-hidden="true"
    />
  );
}

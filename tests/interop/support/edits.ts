/**
 * A file of `deploy` with other values at the places that are marked
 * `# EDIT name`: the last word before the mark is replaced, as a person would.
 * Throws for a name that marks nothing, so that the marks and the tests cannot
 * drift apart.
 */
export function edit(text: string, values: Readonly<Record<string, string | number>>): string {
  let edited = text;
  for (const [name, value] of Object.entries(values)) {
    const place = new RegExp(`[^\\s;]+((?: \\}|;)* # EDIT ${name})$`, "gm");
    if (edited.match(place) === null) throw new Error(`Nothing is marked "# EDIT ${name}".`);
    edited = edited.replace(place, (_, mark: string) => `${value}${mark}`);
  }
  return edited;
}

/** With the lines behind `#tls`, as a deployment outside of one machine has them. */
export function withTls(text: string): string {
  return text.replace(/#tls /g, "");
}

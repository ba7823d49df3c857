/** Text that is markup already. Made by {@link html} only. */
export interface Html {
  readonly markup: string;
}

type Value = string | Html | readonly Html[] | undefined;

/** A template tag for markup: every value that is not markup itself is escaped, for text and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const parts = strings.map((text, index) => text + render(values[index]));
  return { markup: parts.join("") };
}

function render(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  if ("markup" in value) return value.markup;
  return value.map(({ markup }) => markup).join("");
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}

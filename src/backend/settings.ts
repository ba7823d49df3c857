/** Variables of the environment, read one by one; mistakes are collected, not thrown. */
export interface Settings {
  /** One sentence each, beginning with the variable. */
  readonly mistakes: readonly string[];
  /** The value; undefined when unset or blank. */
  text(variable: string): string | undefined;
  /** The value as an integer within bounds. */
  integer(variable: string, bounds: { min: number; max: number }): number | undefined;
  /** The value as an absolute URL. */
  url(variable: string): URL | undefined;
  /** Notes what is wrong with a variable and what to do; values are not shown, since a URL may hold a password. */
  mistake(variable: string, problem: string): void;
}

/** The settings in an environment. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const mistakes: string[] = [];
  const text = (variable: string) => env[variable]?.trim() || undefined;
  const mistake = (variable: string, problem: string) =>
    void mistakes.push(`${variable} ${problem}.`);
  return {
    mistakes,
    text,
    mistake,
    integer(variable, { min, max }) {
      const value = text(variable);
      if (value === undefined) return undefined;
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= min && number <= max) return number;
      mistake(
        variable,
        `is "${value}". Set it to a whole number from ${min} to ${max}, or leave it out`,
      );
      return undefined;
    },
    url(variable) {
      const value = text(variable);
      if (value === undefined) return undefined;
      const url = URL.parse(value);
      if (url && url.hostname !== "") return url;
      mistake(
        variable,
        "is no address. Set it to scheme, host and port, for example http://localhost:8080",
      );
      return undefined;
    },
  };
}

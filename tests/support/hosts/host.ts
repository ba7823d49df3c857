/** What a host answers a path with. */
export interface HostAnswer {
  /** The file that is sent; undefined with a 404. */
  readonly file?: string;
  /** Where a redirect leads. */
  readonly redirect?: string;
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A host that has read its files. */
export type Host = (path: string) => HostAnswer;

/** What a host has to go by. */
export interface HostInput {
  /** The text of a file that was written for it. */
  readonly read: (name: string) => string;
  /** The paths of all files it serves. */
  readonly files: ReadonlySet<string>;
}

/** A rule of a `_headers` file. */
export interface HeaderRule {
  readonly path: string;
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly unset: readonly string[];
}

/** Reads a `_headers` file: a path, and below it `Name: value`, or `! Name` to take one away. */
export function readHeaderRules(text: string): HeaderRule[] {
  const blocks = text.split(/\n(?=\/)/);
  return blocks.map((block) => {
    const [path = "", ...lines] = block.trimEnd().split("\n");
    const entries = lines.map((line) => line.trim());
    return {
      path,
      unset: entries.filter((entry) => entry.startsWith("! ")).map((entry) => entry.slice(2)),
      set: entries
        .filter((entry) => !entry.startsWith("! "))
        .map((entry) => {
          const colon = entry.indexOf(":");
          return [entry.slice(0, colon), entry.slice(colon + 1).trim()] as const;
        }),
    };
  });
}

/** Reads a `_redirects` file: from, to, status. */
export function readRedirects(text: string): { from: string; to: string; status: string }[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [from = "", to = "", status = ""] = line.split(" ");
      return { from, to, status };
    });
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { biggestParts, gzipBytes, type Measurement, type ModuleSize } from "./measure.ts";

/** Kilobytes of 1000 bytes after gzip. */
const entryLimit = 150_000;
const styleLimit = 10_000;
const lazyLimit = 30_000;

/**
 * What must not be in the code that every visitor loads. A budget notices a
 * wrong import late and vaguely; the name of the leak says which one it was.
 */
const leaks: readonly { readonly pattern: RegExp; readonly meaning: string }[] = [
  { pattern: /Download the React DevTools/, meaning: "the development build of React" },
  { pattern: /automaticSilentRenew/, meaning: "the UserManager of oidc-client-ts" },
  { pattern: /ERR_JWKS_NO_MATCHING_KEY/, meaning: "jose, which only servers need" },
  { pattern: /pushed_authorization_request_endpoint/, meaning: "all of oauth4webapi" },
  { pattern: /["'`]node:[a-z]+|__vite-browser-external/, meaning: "a built-in module of Node" },
  { pattern: /new Function\(/, meaning: "code from a string, which the page's policy forbids" },
  { pattern: /localhost:\d+/, meaning: "an address that belongs into config.json" },
];

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}

type Manifest = Readonly<Record<string, Chunk>>;

/** What is wrong with the built site, and how big it is. */
export interface SiteReport {
  readonly measurements: readonly Measurement[];
  readonly leaks: readonly string[];
}

/** Measures the site in `folder`, for example `dist/site`. */
export async function measureSite(folder: string): Promise<SiteReport> {
  const manifest = JSON.parse(
    readFileSync(join(folder, ".vite/manifest.json"), "utf8"),
  ) as Manifest;
  const read = (file: string): Buffer => readFileSync(join(folder, file));
  const entry = loadedAtStart(manifest);
  const scripts = unique(entry.map((chunk) => chunk.file)).filter(isScript);
  const styles = unique(entry.flatMap((chunk) => chunk.css ?? []));
  const lazy = unique(Object.values(manifest).map((chunk) => chunk.file)).filter(
    (file) => isScript(file) && !scripts.includes(file),
  );
  const size = (files: readonly string[]): number =>
    files.reduce((total, file) => total + gzipBytes(read(file)), 0);
  const sizes = [
    { name: "site, scripts at start", bytes: size(scripts), limit: entryLimit, files: scripts },
    { name: "site, styles at start", bytes: size(styles), limit: styleLimit, files: styles },
    ...lazy.map((file) => ({
      name: `site, ${file}`,
      bytes: size([file]),
      limit: lazyLimit,
      files: [file],
    })),
  ];
  const tooBig = sizes.some((each) => each.bytes > each.limit);
  const modules = tooBig ? await modulesByFile() : new Map<string, readonly ModuleSize[]>();
  return {
    measurements: sizes.map(({ files, ...each }) => ({
      ...each,
      parts: biggestParts(files.flatMap((file) => modules.get(file) ?? [])),
    })),
    leaks: leaksIn(scripts.map((file) => read(file).toString()).join("\n")),
  };
}

/** One sentence for every leak in the code. */
export function leaksIn(code: string): readonly string[] {
  return leaks.flatMap(({ pattern, meaning }) => {
    const found = pattern.exec(code)?.[0];
    return found === undefined ? [] : [`The start of the site has "${found}": ${meaning}.`];
  });
}

/** The entry, the parts that it imports as it goes, and everything that these import statically. */
export function loadedAtStart(manifest: Manifest): readonly Chunk[] {
  const loaded = new Set<Chunk>();
  const load = (chunk: Chunk | undefined): void => {
    if (chunk === undefined || loaded.has(chunk)) return;
    loaded.add(chunk);
    for (const name of chunk.imports ?? []) load(manifest[name]);
  };
  const entries = Object.values(manifest).filter((chunk) => chunk.isEntry === true);
  for (const entry of entries) {
    load(entry);
    for (const part of entry.dynamicImports ?? []) load(manifest[part]);
  }
  return [...loaded];
}

function isScript(file: string): boolean {
  return file.endsWith(".js");
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** Builds once more, in memory, to learn which modules each file is made of. */
async function modulesByFile(): Promise<ReadonlyMap<string, readonly ModuleSize[]>> {
  const result = await build({ logLevel: "silent", build: { write: false } });
  const outputs = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  return new Map(
    outputs.flatMap((chunk) => {
      if (chunk.type !== "chunk") return [];
      const modules = Object.entries(chunk.modules);
      const sizes = modules.map(([id, { renderedLength }]) => ({ id, length: renderedLength }));
      return [[chunk.fileName, sizes] as const];
    }),
  );
}

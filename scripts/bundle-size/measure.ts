import { gzipSync } from "node:zlib";

/** A size and its limit. */
export interface Measurement {
  readonly name: string;
  /** Bytes after gzip. */
  readonly bytes: number;
  readonly limit: number;
  /** The biggest parts, for whoever has to make it smaller. */
  readonly parts: readonly string[];
}

/** Bytes of a file after gzip, at the level that most servers use. */
export function gzipBytes(content: string | Uint8Array): number {
  return gzipSync(content).byteLength;
}

/** A module of a bundle, with its length before gzip. */
export interface ModuleSize {
  readonly id: string;
  readonly length: number;
}

/** The modules of a bundle added up by their group, the biggest groups first. */
export function biggestParts(
  modules: readonly ModuleSize[],
  groupOf: (id: string) => string = ownerOf,
): readonly string[] {
  const lengths = new Map<string, number>();
  for (const { id, length } of modules) {
    const owner = groupOf(id);
    lengths.set(owner, (lengths.get(owner) ?? 0) + length);
  }
  return [...lengths]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 12)
    .map(([owner, length]) => `${(length / 1000).toFixed(1).padStart(7)} kB before gzip  ${owner}`);
}

/** The package of a module, or the folder of `src` that it is in. */
export function ownerOf(id: string): string {
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id);
  if (installed?.[1] !== undefined) return installed[1];
  return /(?<=\/)src\/(?:lib\/)?[^/]+/.exec(id)?.[0] ?? id;
}

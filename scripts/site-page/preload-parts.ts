import type { HtmlTagDescriptor, Plugin, Rolldown } from "vite";

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk;

/**
 * Lists in the page what its scripts would ask for one after the other: the
 * parts that the entry imports as it goes, and then `next`, modules that nearly
 * every visit needs (ends of paths). `first`, the largest of them, is fetched at
 * once, behind what the first paint needs; the others wait in a template with
 * the id `parts`, which the entry puts into the page after that paint.
 */
export function preloadParts(options: {
  readonly first: string;
  readonly next: readonly string[];
}): Plugin {
  let base = "/";
  return {
    name: "preload-parts",
    apply: "build",
    configResolved(config) {
      base = config.base;
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {}, chunk }) {
        if (chunk === undefined) return [];
        const first = chunkOfModule(bundle, options.first);
        const parts = chunk.dynamicImports.map((file) => chunkOf(bundle, file));
        const next = options.next.map((module) => chunkOfModule(bundle, module));
        const known = new Set([...withImports(bundle, [chunk]), first]);
        const later = withImports(bundle, [...parts, ...next]).filter((each) => !known.has(each));
        const links = later.map(({ fileName }) => modulePreload(`${base}${fileName}`));
        return [
          {
            ...modulePreload(`${base}${first.fileName}`, { fetchpriority: "low" }),
            injectTo: "head",
          },
          { tag: "template", attrs: { id: "parts" }, children: links, injectTo: "body" },
        ];
      },
    },
  };
}

function modulePreload(href: string, attrs: Record<string, string> = {}): HtmlTagDescriptor {
  return { tag: "link", attrs: { rel: "modulepreload", crossorigin: true, ...attrs, href } };
}

/** The chunks and all that they import statically, each once, in the order of their need. */
function withImports(bundle: Bundle, chunks: readonly Chunk[]): readonly Chunk[] {
  const found = new Set<Chunk>();
  const add = (chunk: Chunk): void => {
    if (found.has(chunk)) return;
    found.add(chunk);
    for (const file of chunk.imports) add(chunkOf(bundle, file));
  };
  for (const chunk of chunks) add(chunk);
  return [...found];
}

function chunkOf(bundle: Bundle, file: string): Chunk {
  const output = bundle[file];
  if (output?.type !== "chunk") throw new Error(`The build has no script ${file}.`);
  return output;
}

function chunkOfModule(bundle: Bundle, module: string): Chunk {
  const found = Object.values(bundle).find(
    (output) => output.type === "chunk" && output.moduleIds.some((id) => id.endsWith(module)),
  );
  if (found?.type !== "chunk") throw new Error(`No script of the build has ${module}.`);
  return found;
}

import { createRequire } from "node:module";
import { build } from "vite";

/** A Worker in a real workerd. */
export interface RunningWorker {
  fetch(path: string, init?: { readonly headers?: Record<string, string> }): Promise<Response>;
  stop(): Promise<void>;
}

interface Miniflare {
  dispatchFetch(url: string, init?: object): Promise<Response>;
  dispose(): Promise<void>;
}
interface Peer {
  readonly Miniflare: new (options: object) => Miniflare;
}

// It is heavy, and so not a dependency of the repository.
const require = createRequire(new URL("../peers/package.json", import.meta.url));

/** Bundles a module as one would for a Worker, and runs it with these variables. */
export async function startWorker(
  entry: string,
  bindings: Readonly<Record<string, string>>,
): Promise<RunningWorker> {
  const { Miniflare } = require("miniflare") as Peer;
  const miniflare = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.js", contents: await bundle(entry) }],
    compatibilityDate: "2026-07-01",
    bindings,
  });
  return {
    fetch: (path, init) => miniflare.dispatchFetch(`http://worker.example${path}`, init),
    stop: () => miniflare.dispose(),
  };
}

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    resolve: { conditions: ["workerd", "worker", "browser", "module", "import", "default"] },
    build: {
      write: false,
      minify: false,
      target: "esnext",
      rolldownOptions: { input: entry, preserveEntrySignatures: "strict" },
    },
  });
  const chunks = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  const scripts = chunks.flatMap((chunk) => (chunk.type === "chunk" ? [chunk.code] : []));
  if (scripts.length !== 1) throw new Error(`The worker has ${scripts.length} scripts, not one.`);
  return scripts[0] ?? "";
}

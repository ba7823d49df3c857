import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { build } from "vite";

/** A page that was built for tests. */
export interface BuiltPage {
  /** The folder to serve. */
  readonly root: string;
  remove(): Promise<void>;
}

/** Builds the page in the folder `source` as a production site, into a folder of its own. */
export async function buildPage(
  source: string,
  alias: Readonly<Record<string, string>> = {},
): Promise<BuiltPage> {
  const cache = resolve(".cache/pages");
  await mkdir(cache, { recursive: true });
  const root = await mkdtemp(join(cache, `${basename(source)}-`));
  await build({
    root: resolve(source),
    configFile: false,
    logLevel: "warn",
    plugins: [react()],
    resolve: { alias, dedupe: ["react", "react-dom", "oidc-client-ts"] },
    build: { outDir: root, emptyOutDir: true, assetsInlineLimit: 0, minify: false },
  });
  return { root, remove: () => rm(root, { recursive: true }) };
}

import { basename } from "node:path";
import { build } from "vite";
import type { Plugin } from "vite";

/**
 * Puts a small script before the first paint. Vite makes a module of every
 * script of a page, and a module runs when the page has been painted already:
 * `entry` becomes a classic script, in one file with a hash in its name.
 */
export function firstPaintScript(entry: string): Plugin {
  const asset = basename(entry).replace(/\.ts$/, ".js");
  let serves = false;
  let base = "/";
  return {
    name: "first-paint-script",
    configResolved(config) {
      serves = config.command === "serve";
      base = config.base;
    },
    async buildStart() {
      if (serves) return;
      this.emitFile({ type: "asset", name: asset, source: await compile(entry) });
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        if (serves) return [moduleScript(`${base}${entry}`)];
        const file = Object.values(bundle ?? {}).find(
          (output) => output.type === "asset" && output.names.includes(asset),
        );
        if (file === undefined) throw new Error(`The build has no ${asset}.`);
        return [{ tag: "script", attrs: { src: `${base}${file.fileName}` }, injectTo: "head" }];
      },
    },
  };
}

function moduleScript(src: string) {
  return { tag: "script", attrs: { type: "module", src }, injectTo: "head" as const };
}

async function compile(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: { write: false, lib: { entry, formats: ["iife"], name: "firstPaint" } },
  });
  const [output] = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  if (output?.type !== "chunk") throw new Error(`${entry} has become no script.`);
  return output.code;
}

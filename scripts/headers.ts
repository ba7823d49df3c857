import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { targetNames, writeHeaders } from "./headers/write-headers.ts";

const root = dirname(import.meta.dirname);
const usage = `npm run headers -- --config config.json --target ${targetNames.join("|")} [--out folder] [--site folder]`;

try {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      target: { type: "string" },
      site: { type: "string", default: join(root, "dist", "site") },
      out: { type: "string" },
    },
  });
  const { config, target, site } = values;
  if (config === undefined || target === undefined) throw new Error(`Write ${usage}.`);
  if (!existsSync(join(site, "index.html"))) {
    throw new Error(`There is no build in ${site}; run npm run build first.`);
  }
  const out = values.out ?? join(root, "dist", "headers", target);
  for (const name of await writeHeaders({ config, target, site, out })) {
    console.info(join(out, name));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

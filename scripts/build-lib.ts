/**
 * Builds the library into `dist/lib`, the program `user-lookup` into `dist/cli`
 * and their generated code into `dist/gen`, from nothing: what an older build
 * left behind must not be published.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const rooms = ["core", "grants", "browser", "react", "node", "server"];

for (const folder of ["dist/cli", "dist/lib", "dist/gen"]) {
  rmSync(folder, { recursive: true, force: true });
}
const projects = [...rooms.map((room) => `src/lib/${room}`), "src/cli"];
compile(["-b", "--force", ...projects]);
bringSite("dist/cli/site");

/** `dist/site` is the built dashboard: the program has the room `site` with it. */
function bringSite(folder: string): void {
  const own = ["--composite", "false", "--incremental", "false", "--emitDeclarationOnly", "false"];
  const out = ["--outDir", folder, "--declarationDir", folder, "--tsBuildInfoFile", "null"];
  compile(["-p", "src/site", ...own, ...out]);
  for (const name of readdirSync("dist/cli").filter((each) => /\.(js|d\.ts)$/.test(each))) {
    const file = join("dist/cli", name);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replaceAll('"../site/index.', '"./site/index.'));
  }
}

function compile(args: readonly string[]): void {
  const { status } = spawnSync("tsc", args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

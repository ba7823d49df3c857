/**
 * Builds the library into `dist/lib`, the program `user-lookup` into `dist/cli`
 * and their generated code into `dist/gen`, from nothing: what an older build
 * left behind must not be published.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";

const rooms = ["core", "grants", "browser", "react", "node", "server"];

for (const folder of ["dist/cli", "dist/lib", "dist/gen"]) {
  rmSync(folder, { recursive: true, force: true });
}
const projects = [...rooms.map((room) => `src/lib/${room}`), "src/cli"];
const { status } = spawnSync("tsc", ["-b", "--force", ...projects], { stdio: "inherit" });
process.exitCode = status ?? 1;

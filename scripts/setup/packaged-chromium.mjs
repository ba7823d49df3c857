import {
  chmodSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { npm, quiet, say } from "./run.mjs";

const packageName = "@sparticuz/chromium";
const packageVersion = "153.0.0";

/** What the package holds: the browser, the libraries it needs, its renderer, a font. */
const archives = ["al2023.tar", "swiftshader.tar", "fonts.tar"];

/**
 * Chromium from an npm package, unpacked below `.cache/chromium`: for machines
 * that reach npm only. Linux on x64; elsewhere, and when it cannot be had, nothing.
 * @param {string} root
 * @returns {Promise<readonly string[]>}
 */
export async function installPackagedChromium(root) {
  if (process.platform !== "linux" || process.arch !== "x64") return [];
  say(`Fetching Chromium for the tests (npm install ${packageName}).`);
  const folder = join(root, ".cache", "chromium");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `{"private":true}\n`);
  const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  if (!npm([...install, `${packageName}@${packageVersion}`], folder)) return [];
  await unpack(join(folder, "node_modules", packageName, "bin"), folder);
  rmSync(join(folder, "node_modules"), { recursive: true, force: true });
  return [writeLauncher(folder)];
}

/**
 * @param {string} source
 * @param {string} folder
 */
async function unpack(source, folder) {
  await Promise.all(
    ["chromium", ...archives].map((name) =>
      pipeline(
        createReadStream(join(source, `${name}.br`)),
        createBrotliDecompress(),
        createWriteStream(join(folder, name)),
      ),
    ),
  );
  for (const archive of archives) {
    quiet("tar", ["-xf", join(folder, archive), "-C", folder], { timeoutMs: 30_000 });
    rmSync(join(folder, archive));
  }
  chmodSync(join(folder, "chromium"), 0o755);
}

/**
 * A program that starts the browser with its own libraries and font, so that
 * whoever starts it need not know about them.
 * @param {string} folder
 */
function writeLauncher(folder) {
  writeFileSync(
    join(folder, "fonts.conf"),
    `<fontconfig><dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>\n`,
  );
  const launcher = join(folder, "launch");
  const lines = [
    "#!/bin/sh",
    'folder=$(dirname "$(readlink -f "$0")")',
    'export LD_LIBRARY_PATH="$folder/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"',
    'export FONTCONFIG_FILE="$folder/fonts.conf"',
    'exec "$folder/chromium" "$@"',
  ];
  writeFileSync(launcher, `${lines.join("\n")}\n`, { mode: 0o755 });
  return launcher;
}

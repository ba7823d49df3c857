import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listFiles } from "../list-files.ts";
import { StartError } from "./start-error.ts";

/** What the site is built from: files and folders of the repository. */
const inputs = [
  "index.html",
  "vite.config.ts",
  "package-lock.json",
  "public",
  "scripts/site-page",
  "src/dashboard",
  "src/gen",
  "src/lib",
  "src/site",
];

/** What a build of the site is made of. */
export interface SiteBuildOptions {
  /** The repository. */
  readonly root: string;
  /** Build even when nothing changed. */
  readonly force?: boolean;
  /** Gives the build up. */
  readonly signal?: AbortSignal;
}

/**
 * Builds the site when its sources differ from those of the last build, and
 * returns its folder. The new site takes the old one's place at once and only
 * when it is whole. Throws a {@link StartError} when the build fails.
 */
export async function buildSite(options: SiteBuildOptions): Promise<string> {
  const { root, force = false, signal } = options;
  const site = join(root, "dist", "site");
  const record = join(root, ".cache", "site-build");
  const hash = await hashInputs(root);
  if (!force && existsSync(join(site, "index.html")) && (await readText(record)) === hash) {
    return site;
  }
  const fresh = join(root, ".cache", `site-${process.pid}`);
  const old = `${fresh}-old`;
  try {
    await runVite(root, fresh, signal);
    await mkdir(join(root, "dist"), { recursive: true });
    if (existsSync(site)) await rename(site, old);
    await rename(fresh, site);
    await writeFile(record, hash);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
  return site;
}

function runVite(root: string, outDir: string, signal: AbortSignal | undefined): Promise<void> {
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const args = [vite, "build", "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"];
  return new Promise((resolve, reject) => {
    // Its messages go to stderr: stdout belongs to the ready line.
    const child = spawn(process.execPath, args, {
      cwd: root,
      signal,
      stdio: ["ignore", 2, 2],
      // A NODE_ENV that is set already would make Vite build React for development.
      env: { ...process.env, NODE_ENV: "production" },
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new StartError("The dashboard could not be built; the reason is above."));
    });
  });
}

/** A hash over the paths and contents of all inputs. */
async function hashInputs(root: string): Promise<string> {
  const files = (await Promise.all(inputs.map((input) => filesOf(root, input)))).flat().toSorted();
  const contents = await Promise.all(files.map((file) => readFile(join(root, file))));
  const hash = createHash("sha256").update(process.version);
  for (const [index, file] of files.entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function filesOf(root: string, input: string): Promise<string[]> {
  const path = join(root, input);
  if (!existsSync(path)) return [];
  if ((await stat(path)).isFile()) return [input];
  return (await listFiles(path)).map((file) => `${input}${file}`);
}

async function readText(file: string): Promise<string | undefined> {
  return existsSync(file) ? readFile(file, "utf8") : undefined;
}

// Runs before every npm script that needs something installed, with whatever
// Node the machine has: built-ins only. Nothing missing: nothing printed.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { provideBrowser } from "./setup/browser.mjs";
import { provideDependencies } from "./setup/dependencies.mjs";
import { checkNode, provideNode } from "./setup/node-runtime.mjs";
import { SetupError } from "./setup/setup-error.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {readonly string[]} args */
async function setup(args) {
  const unknown = args.find((arg) => arg !== "--tests");
  if (unknown !== undefined) {
    throw new SetupError(`setup knows --tests only, not ${unknown}.`);
  }
  checkNode(process.versions.node);
  provideDependencies(root);
  provideNode(root);
  if (!args.includes("--tests")) return;
  const peers = join(root, "tests", "peers");
  if (existsSync(join(peers, "package.json"))) provideDependencies(peers);
  await provideBrowser(root);
}

try {
  await setup(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

import { existsSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { npm, quiet, say } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";

/** The oldest Node that can run npm and this set-up for the project. */
export const oldestNode = "20.19.0";

/** The Node that the project runs on, a devDependency. */
const projectMajor = 24;

/**
 * Throws when `version` is older than {@link oldestNode}.
 * @param {string} version of Node, for example `20.19.0`
 */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new SetupError(
    `Node ${version} is too old; install Node ${oldestNode} or newer (https://nodejs.org) and try again.`,
  );
}

/**
 * Makes sure that npm scripts find the project's own Node first on their PATH.
 * Its package fetches the binary by an install script, which may have been
 * switched off.
 * @param {string} root
 */
export function provideNode(root) {
  if (!works(root)) {
    say("Setting up Node for this project (npm rebuild node).");
    npm(["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"], root);
  }
  if (!works(root)) {
    throw new SetupError(
      `The project's own Node ${projectMajor} does not run; delete node_modules and type: npm install --no-save --ignore-scripts=false`,
    );
  }
  // The install script leaves 68 MB of headers and manuals beside the binary,
  // which has a link of its own.
  rmSync(join(root, "node_modules", "node", "node_modules"), { recursive: true, force: true });
}

/** @param {string} root */
function works(root) {
  const linked = join(root, "node_modules", ".bin", "node");
  if (!existsSync(linked)) return false;
  if (realpathSync(linked) === realpathSync(process.execPath)) return true;
  const version = quiet(linked, ["--version"], { timeoutMs: 10_000 });
  return version?.startsWith(`v${projectMajor}.`) ?? false;
}

import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

/**
 * Runs `npm` in `folder`, its messages on stderr, and returns whether it
 * succeeded. A node below node_modules is taken off the PATH first: an install
 * deletes it while npm still runs.
 * @param {readonly string[]} args
 * @param {string} folder
 */
export function npm(args, folder) {
  const binaries = join("node_modules", ".bin");
  const path = (process.env.PATH ?? "").split(delimiter).filter((part) => !part.endsWith(binaries));
  const result = spawnSync("npm", args, {
    cwd: folder,
    env: { ...process.env, PATH: path.join(delimiter) },
    stdio: ["ignore", 2, 2],
    // npm is a batch file on Windows, which only a shell can run.
    shell: process.platform === "win32",
  });
  return result.status === 0;
}

/**
 * Runs a command without showing its output; undefined when it fails or takes
 * longer than `timeoutMs`, else what it printed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ timeoutMs: number, env?: Record<string, string> }} options
 * @returns {string | undefined}
 */
export function quiet(command, args, { timeoutMs, env = {} }) {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, ...env },
    killSignal: "SIGKILL",
    maxBuffer: 64 * 1024 * 1024,
    timeout: timeoutMs,
  });
  return result.status === 0 ? result.stdout : undefined;
}

/**
 * Says on stderr what takes a while; stdout belongs to the command that follows.
 * @param {string} sentence
 */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { command, type Exit } from "../../../scripts/test/command.ts";
import type { Missing } from "./peer.ts";

/** Something that is installed: a file or a folder. */
export interface Installed {
  readonly path: string;
}

const cache = resolve(".cache/interop");

/**
 * A file of Maven's registry, by `group:artifact:version:type`, for example
 * `org.keycloak:keycloak-quarkus-dist:26.4.7:zip`.
 */
export async function mavenArtifact(coordinates: string): Promise<Installed | Missing> {
  const tools = missingTool("mvn", "Maven") ?? missingTool("java", "Java 17 or newer");
  if (tools !== undefined) return tools;
  return once(folderName("maven", coordinates), async (folder) => {
    const copy = [`-Dartifact=${coordinates}`, `-DoutputDirectory=${folder}`];
    // -U: an answer that a registry could not give yesterday is asked for again.
    const maven = ["mvn", "-q", "-B", "-U", "-Dstyle.color=never"] as const;
    const exit = await command([...maven, "dependency:copy", ...copy]);
    return refusal(exit, `Maven cannot get ${coordinates}`);
  }).then((installed) => ("missing" in installed ? installed : onlyFile(installed.path)));
}

/**
 * A Python package in a folder of its own, by `name==version`. Its programs
 * are in the folder's `bin`.
 */
export async function pythonPackage(requirement: string): Promise<Installed | Missing> {
  const tools = missingTool("python3", "Python 3 with pip");
  if (tools !== undefined) return tools;
  return once(folderName("python", requirement), async (folder) => {
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    const target = ["--target", folder, requirement];
    const exit = await command(["python3", "-m", "pip", "install", ...quiet, ...target]);
    return refusal(exit, `pip cannot install ${requirement}`);
  });
}

/**
 * A program of a Debian package, by default of the package's own name; as root
 * it is installed when it is not there.
 */
export async function debianPackage(
  name: string,
  program: string = name,
): Promise<Installed | Missing> {
  const there = which(program);
  if (there !== undefined) return { path: there };
  const advice = `${program} is not installed; as root: apt-get install ${name}`;
  if (which("apt-get") === undefined || process.getuid?.() !== 0) return { missing: advice };
  const install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", name];
  // Installing a server must not start it. Answers to questions are the defaults.
  const asked = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"] as const;
  let exit = await command([...asked, ...install]);
  if (exit.code !== 0) {
    await command([...asked, "apt-get", "update", "-qq"]);
    exit = await command([...asked, ...install]);
  }
  const path = which(program);
  if (path !== undefined) return { path };
  return { missing: `${advice} (${reason(exit.output)})` };
}

/**
 * The program of a folder below tests/interop that has a go.mod and a go.sum,
 * built. A program that does not compile is an error, and nothing missing.
 */
export async function goProgram(folder: string): Promise<Installed | Missing> {
  const tools = missingTool("go", "Go");
  if (tools !== undefined) return tools;
  const cwd = resolve("tests/interop", folder);
  // The toolchain that is there, or none: others are not in every registry.
  const go = ["env", "GOTOOLCHAIN=local", "GOFLAGS=-mod=readonly", "go"] as const;
  const got = refusal(
    await command([...go, "mod", "download"], { cwd }),
    `Go cannot get the modules of tests/interop/${folder}`,
  );
  if (got !== undefined) return got;
  const path = join(cache, "go", folder);
  const built = await command([...go, "build", "-o", path, "."], { cwd });
  if (built.code !== 0) throw new Error(`tests/interop/${folder} does not build: ${built.output}`);
  return { path };
}

/** The file of a program on the PATH, or in the folders where Debian puts servers. */
export function which(program: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

/** Fills a folder once: it takes its name when it is whole. */
async function once(
  folder: string,
  fill: (folder: string) => Promise<Missing | undefined>,
): Promise<Installed | Missing> {
  if (existsSync(folder)) return { path: folder };
  const fresh = `${folder}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const missing = await fill(fresh);
  if (missing === undefined) renameSync(fresh, folder);
  else rmSync(fresh, { recursive: true, force: true });
  return missing ?? { path: folder };
}

function folderName(kind: string, what: string): string {
  return join(cache, kind, what.replace(/[^\w.-]+/g, "-"));
}

function onlyFile(folder: string): Installed | Missing {
  const [name] = readdirSync(folder);
  return name === undefined ? { missing: `${folder} is empty` } : { path: join(folder, name) };
}

function missingTool(program: string, what: string): Missing | undefined {
  if (which(program) !== undefined) return undefined;
  return { missing: `${program} is not on the PATH; install ${what}` };
}

/** What a command's end means for what it was to get: nothing, or that it is missing and why. */
export function refusal(exit: Exit, what: string): Missing | undefined {
  return exit.code === 0 ? undefined : { missing: `${what}: ${reason(exit.output)}` };
}

/** The first error, or the last line that says something, without a registry's address. */
function reason(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const line = lines.find((each) => /^\[?error\b/i.test(each)) ?? lines.at(-1) ?? "no reason given";
  return line.replace(/https?:\/\/\S+/g, "its registry").slice(0, 300);
}

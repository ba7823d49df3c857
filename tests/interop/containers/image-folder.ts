import { chmod, chown, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { command } from "../../../scripts/test/command.ts";
import type { DeployReport, Instruction, Stage } from "./report.ts";

/** What the last stage of a Containerfile made, in a folder instead of an image. */
export interface ImageFolder {
  /** Where the image's `/` is. */
  readonly root: string;
  readonly workingFolder: string;
  readonly env: Readonly<Record<string, string>>;
  /** For example `1000:1000`. */
  readonly user: string;
  readonly argv: readonly string[];
  readonly healthcheck: readonly string[];
  remove(): Promise<void>;
}

interface Progress {
  readonly root: string;
  readonly context: (from: string) => string;
  cwd: string;
}

/**
 * Carries out the instructions of a Containerfile without an engine: each stage
 * gets a folder, and what it names from `/` is in there.
 */
export async function makeImageFolder(
  { containerfile }: DeployReport,
  repository: string,
): Promise<ImageFolder> {
  const folder = await mkdtemp(join(tmpdir(), "image-"));
  await chmod(folder, 0o755);
  const roots = new Map<string, string>();
  let last: Progress | undefined;
  for (const [index, stage] of containerfile.stages.entries()) {
    const root = join(folder, String(index));
    await mkdir(root);
    roots.set(stage.Name, root);
    const context = (from: string) => (from === "" ? repository : (roots.get(from) ?? ""));
    last = { root, context, cwd: root };
    for (const instruction of stage.Commands) await carryOut(instruction, last);
  }
  const stage = containerfile.stages.at(-1);
  if (last === undefined || stage === undefined) throw new Error("The Containerfile is empty.");
  return {
    root: last.root,
    workingFolder: last.cwd,
    ...settings(stage, last.root),
    async remove() {
      // Only root empties a folder that nobody may write.
      await command(["chmod", "-R", "u+w", folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function carryOut({ Name, Fields }: Instruction, at: Progress): Promise<void> {
  const inside = (path: string) =>
    path.startsWith("/") ? join(at.root, path) : join(at.cwd, path);
  if (Name === "WORKDIR") {
    at.cwd = inside(Fields.Path ?? "");
    await mkdir(at.cwd, { recursive: true });
  } else if (Name === "COPY") {
    const from = at.context(Fields.From ?? "");
    const into = Fields.DestPath ?? "";
    for (const source of Fields.SourcePaths ?? []) {
      const target = into.endsWith("/") ? join(inside(into), basename(source)) : inside(into);
      await cp(join(from, source), target, { recursive: true });
    }
  } else if (Name === "RUN") {
    const script = (Fields.CmdLine ?? []).join(" ").replaceAll(/(?<=\s)\/(?=\w)/g, `${at.root}/`);
    const owned = process.getuid?.() === 0 ? script : script.replace(/ && chown .*$/, "");
    const exit = await command(["sh", "-c", owned], { cwd: at.cwd });
    if (exit.code !== 0) throw new Error(`RUN ${script}: ${exit.output}`);
  }
}

function settings(stage: Stage, root: string) {
  const all = (name: string) => stage.Commands.filter(({ Name }) => Name === name);
  const fields = (name: string) => all(name).at(-1)?.Fields;
  const variables = all("ENV").flatMap(({ Fields }) => Fields.Env ?? []);
  const [kind, ...healthcheck] = fields("HEALTHCHECK")?.Health?.Test ?? [];
  if (kind !== "CMD") throw new Error("The health check is no plain command.");
  return {
    env: Object.fromEntries(
      variables.map(({ Key, Value }) => [Key, Value.replace(/^\//, `${root}/`)]),
    ),
    user: fields("USER")?.User ?? "root",
    argv: fields("CMD")?.CmdLine ?? [],
    healthcheck,
  };
}

/** Takes the right to write from everybody, but for `except`, which belongs to `user`. */
export async function makeReadOnly(folder: string, except: string, user: string): Promise<void> {
  await command(["chmod", "-R", "a-w,a+rX", folder]);
  await chmod(except, 0o700);
  const [uid = 0, gid = 0] = user.split(":").map(Number);
  if (process.getuid?.() === 0) await chown(except, uid, gid);
}

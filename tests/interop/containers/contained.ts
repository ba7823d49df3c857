import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { command } from "../../../scripts/test/command.ts";
import type { Exit } from "../../../scripts/test/command.ts";
import { startChild } from "../support/child.ts";
import type { Child } from "../support/child.ts";
import { makeReadOnly } from "./image-folder.ts";
import type { ImageFolder } from "./image-folder.ts";

/** Starts what an image's folder is for, as an engine would. */
export interface Container {
  /** Starts CMD; resolves when it has printed that it is ready. */
  start(): Promise<Child>;
  /** Runs a program in there as the image's user. */
  run(argv: readonly string[]): Promise<Exit>;
}

/**
 * Runs an image's folder as its user, without a privilege and with nothing to
 * write but `data`; root can become that user, and others are themselves.
 */
export async function createContainer(
  image: ImageFolder,
  data: string,
  settings: Readonly<Record<string, string>>,
): Promise<Container> {
  const node = join(image.root, "usr-bin-node");
  await copyFile(process.execPath, node);
  await makeReadOnly(image.root, join(image.root, data), image.user);
  const variables = Object.entries({ ...image.env, ...settings, HOME: "/nonexistent" }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const clean = ["-i", "PATH=/usr/bin:/bin", ...variables];
  const inside = (argv: readonly string[]): [string, ...string[]] => {
    const [program = "", ...args] = argv;
    const found = program === "node" ? node : program;
    return ["env", ...clean, ...asUser(image.user), found, ...args];
  };
  return {
    start: () =>
      startChild({
        name: "The image's command",
        argv: inside(image.argv),
        cwd: image.workingFolder,
        ready: async (child) => child.output().includes("backend ready"),
        readyMs: 60_000,
      }),
    run: (argv) => command(inside(argv), { cwd: image.workingFolder }),
  };
}

function asUser(user: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const [uid = "", gid = ""] = user.split(":");
  return ["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "--no-new-privs"];
}

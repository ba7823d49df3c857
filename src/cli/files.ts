import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { openTokenFile, trust } from "../lib/node/index.ts";
import type { TokenFile, Trust } from "../lib/node/index.ts";
import type { Options } from "./options.ts";
import { UsageError } from "./usage-error.ts";
import type { World } from "./world.ts";

/** The text of a file that an option names. @throws UsageError when it cannot be read */
export async function readOptionFile(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    const message = `The file ${path} of --${option} cannot be read (${code}). Check its name.`;
    throw new UsageError(message, { cause });
  }
}

/** Trusts the authority in the file of `option`, if there is one, beside those of the system. */
export async function trustFile(option: string, path: string | undefined): Promise<Trust> {
  if (path === undefined) return trust();
  const ca = await readOptionFile(option, path);
  try {
    return trust({ ca });
  } catch (cause) {
    const message = `The file ${path} of --${option} holds no certificate. Give one as PEM.`;
    throw new UsageError(message, { cause });
  }
}

/** Where the refresh token of a login is: a file for each issuer and client. */
export function loginFile(options: Options, env: World["env"]): TokenFile & { path: string } {
  const path = options.refreshTokenFile ?? join(configFolder(env), fileName(options));
  return { ...openTokenFile(path), path };
}

/** The client that people sign in with, unless another is named. */
export const loginClientId = "user-lookup-cli";

function configFolder(env: World["env"]): string {
  return join(env["XDG_CONFIG_HOME"] || join(env["HOME"] || homedir(), ".config"), "user-lookup");
}

function fileName({ issuer, clientId = loginClientId }: Options): string {
  return `${encodeURIComponent(issuer)} ${encodeURIComponent(clientId)}.refresh-token`;
}

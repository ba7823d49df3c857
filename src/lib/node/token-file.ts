import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AuthError } from "../core/auth-error.ts";
import type { AuthErrorCode } from "../core/auth-error.ts";
import type { Grant } from "../core/create-token-source.ts";
import { hasCode, withFileLock } from "./file-lock.ts";

/** A refresh token in a file that only its owner can read. */
export interface TokenFile {
  /** The token, or `undefined` when there is none. Throws `misconfigured` when others can read the file. */
  read(): Promise<string | undefined>;
  /** Puts a token in its place as a whole: a crash leaves the old or the new one. Mode 0600. */
  write(refreshToken: string): Promise<void>;
  /** Removes the token, if there is one. */
  remove(): Promise<void>;
  /**
   * A grant over the token of the file. Processes that share the file take
   * turns: each reads what the one before it left, and keeps what it gets before
   * the next one reads. Fails with `signed-out` when there is no token.
   */
  grant(make: MakeGrant): Grant;
}

/** Makes a grant from a refresh token; to be told of every new one. */
export type MakeGrant = (
  refreshToken: string,
  onRotated: (refreshToken: string) => Promise<void>,
) => Grant;

/** The token file at `path`. Nothing is read or made yet. */
export function openTokenFile(path: string): TokenFile {
  return {
    read: () => readToken(path),
    write: (refreshToken) => writeToken(path, refreshToken),
    remove: () => rm(path, { force: true }),
    grant: (make) => createFileGrant(path, make),
  };
}

function createFileGrant(path: string, make: MakeGrant): Grant {
  let inFile: string | undefined;
  let grant: Grant | undefined;
  async function keep(rotated: string): Promise<void> {
    await writeToken(path, rotated);
    inFile = rotated;
  }
  return async (request) => {
    // Looked at before the lock, which needs the folder of the file.
    if ((await readToken(path)) === undefined) throw noToken(path);
    return withFileLock(`${path}.lock`, request.signal, async () => {
      const found = await readToken(path);
      if (found === undefined) throw noToken(path);
      // After a rotation that could not be kept, the grant knows better than the file.
      if (grant === undefined || found !== inFile) grant = make(found, keep);
      inFile = found;
      return grant(request);
    });
  };
}

async function readToken(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, "r");
    try {
      const { mode } = await file.stat();
      if (process.platform !== "win32" && (mode & 0o077) !== 0) throw tooOpen(path);
      return (await file.readFile("utf8")).trim() || undefined;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error instanceof AuthError ? error : unusable("read", path, error, "misconfigured");
  }
}

async function writeToken(path: string, refreshToken: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${refreshToken}\n`, { mode: 0o600, flag: "wx", flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    // The token is not lost while the process lives, and the next attempt may succeed.
    throw unusable("kept", path, error, "unavailable");
  }
}

function unusable(verb: string, path: string, cause: unknown, code: AuthErrorCode): AuthError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AuthError(code, `The refresh token cannot be ${verb} in ${path}: ${reason}.`, {
    cause,
  });
}

function noToken(path: string): AuthError {
  return new AuthError("signed-out", `There is no refresh token in ${path}. Sign in first.`);
}

function tooOpen(path: string): AuthError {
  return new AuthError(
    "misconfigured",
    `Other people can read the refresh token in ${path}. Close it to them: chmod 600.`,
  );
}

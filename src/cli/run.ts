import { connectApi } from "./api.ts";
import { chooseCredentials } from "./credentials.ts";
import { doctor } from "./doctor.ts";
import { describeFailure, exitCodes } from "./failure.ts";
import type { FailedRun } from "./failure.ts";
import { trustFile } from "./files.ts";
import { help } from "./help.ts";
import { login } from "./login.ts";
import { chooseLookup } from "./lookup.ts";
import { parseOptions } from "./options.ts";
import type { Options } from "./options.ts";
import type { World } from "./world.ts";

// 128 and the number of SIGINT, as a shell says it.
const interruptedExitCode = 130;

/** Runs `user-lookup`, and resolves with its exit code. */
export async function run(world: World, version: string): Promise<number> {
  const progress: Writable<FailedRun> = {};
  try {
    const options = parseOptions(world);
    progress.options = options;
    return await commands[options.command](options, world, { version, progress });
  } catch (reason) {
    const isWatching = progress.options?.watch === true;
    if (world.interrupted.aborted) return isWatching ? exitCodes.found : interruptedExitCode;
    const { exitCode, sentence } = describeFailure(reason, progress);
    world.tell(sentence);
    return exitCode;
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Context {
  readonly version: string;
  /** Filled while the run goes on, for the words about its failure. */
  readonly progress: Writable<FailedRun>;
}

type Command = (options: Options, world: World, context: Context) => Promise<number> | number;

const commands: Readonly<Record<Options["command"], Command>> = {
  help(_options, world) {
    world.print(help.trimEnd());
    return exitCodes.found;
  },

  version(_options, world, { version }) {
    world.print(version);
    return exitCodes.found;
  },

  async login(options, world) {
    await login(options, world);
    return exitCodes.found;
  },

  async doctor(options, world) {
    return (await doctor(options, world)) ? exitCodes.found : exitCodes.notFound;
  },

  async lookup(options, world, { progress }) {
    progress.grant = options.grant;
    const issuerTrust = await trustFile("ca", options.caFile);
    const apiTrust = await trustFile("api-ca", options.apiCaFile);
    const credentials = await chooseCredentials(options, world.env, issuerTrust);
    progress.grant = credentials.name;
    const api = connectApi(options, credentials, apiTrust);
    try {
      const found = await chooseLookup(options)(api, options, world);
      return found ? exitCodes.found : exitCodes.notFound;
    } finally {
      api.close();
    }
  },
};

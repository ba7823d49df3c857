import { AuthError, createTokenSource } from "../lib/core/index.ts";
import type { Trust } from "../lib/node/index.ts";
import { diagnose, finding, parseSiteConfig, SiteConfigError } from "../site/index.ts";
import type { DoctorPorts, Finding, SiteConfig } from "../site/index.ts";
import { printable } from "./answer.ts";
import { chooseCredentials } from "./credentials.ts";
import { createDoctorPorts } from "./doctor-ports.ts";
import { readOptionFile, trustFile } from "./files.ts";
import type { Options } from "./options.ts";
import { UsageError } from "./usage-error.ts";
import type { World } from "./world.ts";

/** Examines a deployment, prints what is wrong, and resolves with whether that is nothing. */
export async function doctor(options: Options, world: World): Promise<boolean> {
  const trust = await trustFile("ca", options.caFile);
  const origin = options.site;
  const ports = createDoctorPorts({ trust, origin, timeoutMs: options.timeoutMs });
  const config = await readConfig(options, ports);
  const token = await readToken(options, config, world, trust);
  const deployment = {
    config,
    ...(origin === undefined ? {} : { origin }),
    ...(typeof token === "string" ? { token } : {}),
  };
  if (origin === undefined) {
    world.tell("Without --site, neither CORS nor redirects nor headers are looked at.");
  }
  if (token === undefined) {
    world.tell("Without --token-file or a client, no token is tried at the API.");
  }
  const findings = await diagnose(deployment, ports);
  // Where the issuer is at fault already, this is what comes of it.
  const isExplained = findings.some(({ code }) => /^(issuer|client|scope|resource)-/.test(code));
  if (typeof token === "object" && !isExplained) findings.push(token);
  for (const each of findings) print(each, options, world);
  if (findings.length === 0 && !options.json) world.print("Nothing is wrong.");
  return findings.length === 0;
}

function print(each: Finding, { json }: Options, world: World): void {
  const { code, problem, remedy } = each;
  if (json) world.print(JSON.stringify(each));
  else world.print(`${code}: ${printable(problem)} ${remedy}`);
}

async function readConfig(options: Options, ports: DoctorPorts): Promise<SiteConfig> {
  const { configFile, site } = options;
  try {
    if (configFile !== undefined) {
      return parseSiteConfig(JSON.parse(await readOptionFile("config", configFile)));
    }
    if (site === undefined) throw new UsageError("Name a --config FILE, a --site URL, or both.");
    const sight = await ports.look(`${site}/config.json`);
    if (sight.kind !== "answer") throw new UsageError(`${site} did not answer.`);
    return parseSiteConfig(JSON.parse(new TextDecoder().decode(sight.body)));
  } catch (reason) {
    const where = configFile ?? `${site}/config.json`;
    if (reason instanceof SyntaxError) throw new UsageError(`${where} is no JSON.`);
    if (!(reason instanceof SiteConfigError)) throw reason;
    throw new UsageError(`${where}: ${printable(reason.message)}`, { cause: reason });
  }
}

/** An access token; why none could be had; or nothing, when none was asked for. */
async function readToken(
  options: Options,
  config: SiteConfig,
  world: World,
  trust: Trust,
): Promise<string | Finding | undefined> {
  if (options.tokenFile !== undefined) {
    return (await readOptionFile("token-file", options.tokenFile)).trim();
  }
  const resource = options.resource ?? config.resource;
  const asked = { ...options, issuer: config.issuer, resource };
  try {
    const { grant } = await chooseCredentials(asked, world.env, trust);
    const source = createTokenSource(grant, { requestTimeoutMs: options.timeoutMs, maxWaitMs: 0 });
    return (await source.getToken()).value;
  } catch (reason) {
    // Nobody has to have credentials for a look at a deployment.
    if (reason instanceof UsageError && !hasCredentials(options)) return undefined;
    const failure = AuthError.find(reason);
    if (failure === undefined) throw reason;
    // Why the issuer does not answer is found by the examination.
    if (failure.details.oauthError === undefined) return undefined;
    return finding("token-not-issued", printable(failure.message));
  }
}

function hasCredentials(options: Options): boolean {
  const { grant, clientId, assertionFile, keyFile, refreshTokenFile } = options;
  return [grant, clientId, assertionFile, keyFile, refreshTokenFile].some(
    (each) => each !== undefined,
  );
}

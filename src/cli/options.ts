import { parseArgs } from "node:util";
import { isLoopback } from "./loopback.ts";
import { UsageError } from "./usage-error.ts";
import type { World } from "./world.ts";

/** The grants that the program knows, by their names on the command line. */
export const grantNames = ["client-credentials", "jwt-bearer", "refresh-token"] as const;

/** One of {@link grantNames}. */
export type GrantName = (typeof grantNames)[number];

/** The command line, understood. */
export interface Options {
  readonly command: "lookup" | "login" | "doctor" | "help" | "version";
  readonly ids: readonly string[];
  readonly query: string | undefined;
  readonly limit: number;
  readonly watch: boolean;
  readonly json: boolean;
  readonly timeoutMs: number;
  readonly issuer: string;
  readonly tokenUrl: string | undefined;
  readonly api: string;
  readonly grant: GrantName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly assertionFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly subject: string | undefined;
  readonly refreshTokenFile: string | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly resource: string | undefined;
  readonly caFile: string | undefined;
  readonly apiCaFile: string | undefined;
  readonly browser: boolean;
  /** The `config.json` of a deployment. */
  readonly configFile: string | undefined;
  /** The origin of a deployment. */
  readonly site: string | undefined;
  readonly tokenFile: string | undefined;
}

const commandNames = ["login", "doctor"] as const;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const known = {
  issuer: { ...text, default: "http://localhost:8080" },
  "token-url": text,
  api: { ...text, default: "http://localhost:50051" },
  ca: text,
  "api-ca": text,
  grant: text,
  "client-id": text,
  "client-secret": text,
  assertion: text,
  key: text,
  subject: text,
  "refresh-token-file": text,
  scope: { ...text, multiple: true },
  resource: text,
  query: { ...text, short: "q" },
  limit: { ...text, default: "50" },
  timeout: { ...text, default: "10" },
  json: flag,
  watch: flag,
  "no-browser": flag,
  config: text,
  site: text,
  "token-file": text,
  help: { ...flag, short: "h" },
  version: flag,
} as const;

/** Reads the command line. @throws UsageError that says what is wrong and what to type */
export function parseOptions({ args, env }: Pick<World, "args" | "env">): Options {
  const named = commandNames.find((name) => name === args[0]);
  const { values, positionals } = parse(named === undefined ? args : args.slice(1));
  if (named !== undefined && positionals.length > 0) {
    throw new UsageError(`${named} takes no ids.`);
  }
  const options: Options = {
    command: values.help ? "help" : values.version ? "version" : (named ?? "lookup"),
    ids: positionals,
    query: values.query,
    limit: readNumber("limit", values.limit, 1, 1_000_000),
    watch: values.watch ?? false,
    json: values.json ?? false,
    timeoutMs: 1000 * readNumber("timeout", values.timeout, 0.001, 86_400),
    issuer: readUrl("issuer", values.issuer),
    tokenUrl: values["token-url"] && readUrl("token-url", values["token-url"]),
    api: readUrl("api", values.api),
    grant: readGrant(values.grant),
    clientId: values["client-id"],
    clientSecret: values["client-secret"] ?? env["USER_LOOKUP_CLIENT_SECRET"],
    assertionFile: values.assertion,
    keyFile: values.key,
    subject: values.subject,
    refreshTokenFile: values["refresh-token-file"],
    scopes: values.scope?.flatMap((each) => each.split(/[\s,]+/)).filter(Boolean),
    resource: values.resource,
    caFile: values.ca,
    apiCaFile: values["api-ca"] ?? values.ca,
    browser: !values["no-browser"],
    configFile: values.config,
    site: values.site && new URL(readUrl("site", values.site)).origin,
    tokenFile: values["token-file"],
  };
  return checkTogether(options);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    // Its first sentence names the option; the rest explains what is no help here.
    const [what] = error instanceof Error ? error.message.split(". ") : [];
    throw new UsageError(`${what}. Type user-lookup --help for what there is.`, { cause: error });
  }
}

function checkTogether(options: Options): Options {
  const { ids, query, watch, assertionFile, keyFile } = options;
  if (query !== undefined && ids.length > 0) {
    throw new UsageError("Give ids or --query, not both.");
  }
  if (watch && ids.length !== 1) throw new UsageError("--watch takes exactly one id.");
  if (assertionFile !== undefined && keyFile !== undefined) {
    throw new UsageError("Give --assertion or --key, not both.");
  }
  return options;
}

function readNumber(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  const isGood = value.trim() !== "" && number >= least && number <= most;
  if (isGood) return name === "limit" ? Math.floor(number) : number;
  throw new UsageError(`--${name} is "${value}". Give a number from ${least} to ${most}.`);
}

function readUrl(name: string, value: string): string {
  const url = URL.parse(value);
  const isGood = url !== null && /^https?:$/.test(url.protocol) && url.password === "";
  if (!isGood) {
    throw new UsageError(`--${name} is no address. Give one such as https://login.example.com.`);
  }
  if (url.protocol === "https:" || isLoopback(value)) return value.replace(/\/$/, "");
  throw new UsageError(
    `--${name} is plain http to another machine: everybody on the way could read secrets. Use https.`,
  );
}

function readGrant(value: string | undefined): GrantName | undefined {
  if (value === undefined) return undefined;
  const name = grantNames.find((each) => each === value);
  if (name !== undefined) return name;
  throw new UsageError(`--grant is "${value}". Give one of ${grantNames.join(", ")}.`);
}

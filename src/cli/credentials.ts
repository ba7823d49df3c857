import type { Grant } from "../lib/core/index.ts";
import { clientCredentials, jwtBearer, refreshToken } from "../lib/grants/index.ts";
import type { Trust } from "../lib/node/index.ts";
import { readClientKey } from "./assertion.ts";
import type { ClientKey } from "./assertion.ts";
import { loginClientId, loginFile, readOptionFile } from "./files.ts";
import { isLoopback } from "./loopback.ts";
import type { GrantName, Options } from "./options.ts";
import { UsageError } from "./usage-error.ts";
import type { World } from "./world.ts";

/** As whom the program calls. */
export interface Credentials {
  readonly name: GrantName;
  readonly grant: Grant;
}

/** The public credentials of the embedded issuer's demo, which exist on loopback only. */
const demo = { clientId: "test-client", clientSecret: "foobar" };
const defaultScopes = ["users.read"];

/** The grant that the options mean. @throws UsageError when they mean none */
export async function chooseCredentials(
  options: Options,
  env: World["env"],
  { fetch }: Trust,
): Promise<Credentials> {
  const name = options.grant ?? (await impliedGrant(options, env));
  const { tokenUrl, issuer, resource } = options;
  const location = tokenUrl === undefined ? { issuer } : { tokenUrl };
  const common = { ...location, fetch, ...(resource === undefined ? {} : { resource }) };
  return { name, grant: await makeGrant[name](options, common, env) };
}

type Common = ({ readonly issuer: string } | { readonly tokenUrl: string }) & {
  readonly fetch: Trust["fetch"];
  readonly resource?: string;
};

const makeGrant: Readonly<
  Record<GrantName, (options: Options, common: Common, env: World["env"]) => Promise<Grant>>
> = {
  async "client-credentials"(options, common) {
    const { scopes = defaultScopes } = options;
    return clientCredentials({ ...common, ...readClient(options, demoClient(options)), scopes });
  },

  async "jwt-bearer"(options, common) {
    const { assertionFile, keyFile, scopes = defaultScopes } = options;
    if (assertionFile !== undefined) {
      const assertion = (await readOptionFile("assertion", assertionFile)).trim();
      return jwtBearer({ ...common, ...readClient(options), assertion, scopes });
    }
    if (keyFile === undefined) {
      throw new UsageError("The grant jwt-bearer needs --assertion FILE or --key FILE.");
    }
    const key = await readClientKey(keyFile);
    const client = readClient(options, key);
    const assertion = () => mint(options, key, client.clientId);
    return jwtBearer({ ...common, ...client, assertion, scopes });
  },

  async "refresh-token"(options, common, env) {
    const client = readClient(options, { clientId: loginClientId });
    const scopes = options.scopes === undefined ? {} : { scopes: options.scopes };
    return loginFile(options, env).grant((current, onRotated) =>
      refreshToken({ ...common, ...client, ...scopes, refreshToken: current, onRotated }),
    );
  },
};

async function impliedGrant(options: Options, env: World["env"]): Promise<GrantName> {
  if (options.assertionFile !== undefined || options.keyFile !== undefined) return "jwt-bearer";
  if (options.refreshTokenFile !== undefined) return "refresh-token";
  if (options.clientSecret !== undefined) return "client-credentials";
  if ((await loginFile(options, env).read()) !== undefined) return "refresh-token";
  if (demoClient(options) !== undefined) return "client-credentials";
  throw new UsageError(
    `There are no credentials for ${options.issuer}. Type user-lookup login, or give --grant and its options.`,
  );
}

interface Client {
  readonly clientId: string;
  readonly clientSecret?: string;
}

/** The client of the options, completed by what is known otherwise of the same client. */
function readClient(options: Options, known: Partial<Client> = {}): Client {
  const clientId = options.clientId ?? known.clientId;
  if (clientId === undefined) throw new UsageError("Name the client with --client-id.");
  const same = options.clientId === undefined || options.clientId === known.clientId;
  const clientSecret = options.clientSecret ?? (same ? known.clientSecret : undefined);
  return { clientId, ...(clientSecret === undefined ? {} : { clientSecret }) };
}

function demoClient({ issuer, tokenUrl }: Options): Client | undefined {
  return isLoopback(tokenUrl ?? issuer) ? demo : undefined;
}

function mint(options: Options, key: ClientKey, clientId: string): Promise<string> {
  const { subject = clientId, tokenUrl, issuer } = options;
  return key.sign({ issuer: clientId, subject, audience: tokenUrl ?? issuer });
}

import type { RequestListener } from "node:http";
import { inspect } from "node:util";
import type { ClientMetadata, Provider } from "oidc-provider";
import { createAccounts } from "./accounts.ts";
import { createSecretVerifier } from "./client-secrets.ts";
import type { SecretVerifier } from "./client-secrets.ts";
import {
  dashboardClient,
  nativeClient,
  serviceClient,
  storeClientSecret,
  testClient,
} from "./clients.ts";
import { createHandler } from "./create-handler.ts";
import { createProvider } from "./create-provider.ts";
import type { ProviderSettings } from "./create-provider.ts";
import { createCounters } from "./demo/counters.ts";
import type { Counters } from "./demo/counters.ts";
import { createDemoEndpoints } from "./demo/demo-endpoints.ts";
import { createTrouble } from "./demo/trouble.ts";
import { createTrustStore } from "./grants/trust-store.ts";
import { handleInteraction } from "./interactions.ts";
import type { Issuer, IssuerOptions } from "./issuer-options.ts";
import { createRecords } from "./records.ts";
import { createRefreshReplay } from "./refresh-replay.ts";
import { apiScopes } from "./scopes.ts";
import { loadServiceClient, serviceClientId } from "./service-client.ts";
import type { ServiceClient } from "./service-client.ts";
import { loadSigningKeys } from "./signing-keys.ts";

const UPKEEP_INTERVAL_MS = 60_000;

/**
 * Makes an OpenID provider from what `options` name; the caller mounts `handle` into an HTTP server.
 *
 * @throws Error when keys or credentials in `dataDir` cannot be read, or a client's registration is invalid
 */
export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  const settings = await prepare(options);
  const counters = options.demo ? createCounters(settings.nowMs) : undefined;
  const running = await startProvider(settings, (provider) => counters?.observe(provider));
  const { keys, reportError } = settings;
  const stopUpkeep = startUpkeep(settings, running);
  return {
    handle: createHandler({
      url: options.url,
      dashboardUrl: options.dashboardUrl,
      provider: () => running.callback(),
      interaction: (req, res) => {
        const { accounts, dashboardUrl } = settings;
        const { origin } = new URL(options.url);
        const parts = { provider: running.provider(), accounts, dashboardUrl, origin };
        return handleInteraction(parts, req, res);
      },
      ...(counters && { demo: createDemo(settings, running, counters) }),
      reportError,
    }),
    keys: () => keys.publicKeys(),
    close: stopUpkeep,
  };
}

/** Removes what has expired and rotates keys that are old; stops when what it returns is called. */
function startUpkeep(
  { records, keys, nowMs, reportError }: ProviderSettings,
  running: RunningProvider,
): () => void {
  let more: NodeJS.Immediate | undefined;
  const sweep = () =>
    attempt(() => (more = records.sweep() ? setImmediate(sweep) : undefined), reportError);
  const upkeep = () => {
    sweep();
    if (keys.areOld(nowMs())) running.rotateKeys().catch(reportError);
  };
  upkeep();
  const timer = setInterval(upkeep, UPKEEP_INTERVAL_MS).unref();
  return () => {
    clearInterval(timer);
    clearImmediate(more);
  };
}

async function prepare(options: IssuerOptions): Promise<ProviderSettings> {
  const { url, apiResource, dashboardUrl, dataDir, accessTokenTtlSeconds } = options;
  const nowMs = options.now ?? Date.now;
  const keys = await loadSigningKeys(dataDir, nowMs);
  const [secret = ""] = keys.cookieSecrets;
  const replay = createRefreshReplay(options.replayGraceSeconds ?? 0, secret);
  const service = await loadServiceClient(dataDir);
  const secrets = createSecretVerifier();
  const claims = { sub: serviceClientId };
  const accounts = createAccounts(options.demo, [
    { id: serviceClientId, scopes: apiScopes, claims },
  ]);
  const trusted = { keys: [service.publicKey], scopes: [...apiScopes, "offline_access"] };
  return {
    url,
    apiResource,
    dashboardUrl,
    accessTokenTtlSeconds,
    nowMs,
    reportError: options.reportError ?? printError,
    keys,
    secrets,
    accounts,
    replay,
    records: createRecords(options.database, nowMs, replay),
    clients: await registerClients(options, secrets, service),
    trust: createTrustStore(serviceClientId, trusted, (id) => accounts.find(id) !== undefined),
    delegated: new WeakMap(),
  };
}

async function registerClients(
  { database, dashboardUrl, demo }: IssuerOptions,
  secrets: SecretVerifier,
  service: ServiceClient,
): Promise<ClientMetadata[]> {
  const store = (clientId: string, secret: string) =>
    storeClientSecret(database, secrets, clientId, secret);
  const clients = [
    dashboardClient(dashboardUrl),
    nativeClient(),
    serviceClient(await store(serviceClientId, service.secret)),
  ];
  return demo ? [...clients, testClient(await store("test-client", "foobar"))] : clients;
}

/** The provider that answers now; its keys are fixed, so rotation puts a new one in its place. */
interface RunningProvider {
  provider(): Provider;
  callback(): RequestListener;
  rotateKeys(): Promise<void>;
}

/** Calls `observe` with the first provider, and with each one that takes its place. */
async function startProvider(
  settings: ProviderSettings,
  observe: (provider: Provider) => void,
): Promise<RunningProvider> {
  let provider = await createProvider(settings);
  observe(provider);
  let callback = provider.callback();
  let rotation: Promise<void> = Promise.resolve();
  const rotate = async () => {
    await settings.keys.rotate();
    const next = await createProvider(settings);
    observe(next);
    provider = next;
    callback = next.callback();
  };
  return {
    provider: () => provider,
    callback: () => callback,
    rotateKeys() {
      rotation = rotation.then(rotate, rotate);
      return rotation;
    },
  };
}

function createDemo(settings: ProviderSettings, running: RunningProvider, counters: Counters) {
  const { accounts, records, nowMs, url, dashboardUrl } = settings;
  const trouble = createTrouble(nowMs);
  const origins = [new URL(url).origin, new URL(dashboardUrl).origin];
  const rotateKeys = () => running.rotateKeys();
  const endpoints = createDemoEndpoints({
    accounts,
    counters,
    trouble,
    records,
    rotateKeys,
    origins,
  });
  return { counters, trouble, endpoints };
}

function printError(error: unknown): void {
  process.stderr.write(`The issuer failed: ${inspect(error)}\n`);
}

/** A sweep that fails, because the disk is full for one, must not end the process. */
function attempt(work: () => void, reportError: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    reportError(error);
  }
}

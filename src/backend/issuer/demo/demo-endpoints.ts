import type { IncomingMessage, ServerResponse } from "node:http";
import type { Accounts } from "../accounts.ts";
import type { Records } from "../records.ts";
import { comesFrom, readBody, RefusedRequest, sendJson } from "../respond.ts";
import type { Counters } from "./counters.ts";
import { parseTrouble } from "./trouble.ts";
import type { Trouble } from "./trouble.ts";

/** What the demo endpoints show and change. */
export interface DemoParts {
  readonly accounts: Accounts;
  readonly counters: Counters;
  readonly trouble: Trouble;
  readonly records: Records;
  /** Rotates the signing keys. */
  readonly rotateKeys: () => Promise<void>;
  /** The browser origins that may ask. */
  readonly origins: readonly string[];
}

type Endpoint = (req: IncomingMessage) => unknown;

/** Serves `/demo/*`: what the token endpoint did, and trouble on purpose. */
export function createDemoEndpoints(parts: DemoParts) {
  const endpoints = endpointTable(parts);
  return async (req: IncomingMessage, res: ServerResponse, path: string): Promise<void> => {
    allowOrigins(req, res, parts.origins);
    if (req.method === "OPTIONS") {
      res.writeHead(204).end();
      return;
    }
    // Any page can send a form to this machine; only the product's own pages may change something here.
    if (!comesFrom(req, parts.origins))
      throw new RefusedRequest(403, "This site may not use the demo.");
    const endpoint = endpoints.get(`${req.method} ${path}`);
    if (endpoint === undefined) throw new RefusedRequest(404, `There is no ${req.method} ${path}.`);
    sendJson(res, 200, await endpoint(req));
  };
}

function endpointTable(parts: DemoParts): ReadonlyMap<string, Endpoint> {
  const { accounts, counters, trouble, records } = parts;
  return new Map<string, Endpoint>([
    ["GET /demo/accounts", () => accounts.demo.map(describeAccount)],
    ["GET /demo/counters", () => counters.values()],
    [
      "POST /demo/counters/reset",
      () => {
        counters.reset();
        return counters.values();
      },
    ],
    ["GET /demo/trouble", () => trouble.state()],
    ["POST /demo/trouble", (req) => setTrouble(trouble, req)],
    ["POST /demo/revoke", () => ({ revokedRefreshTokens: records.revokeAll() })],
    [
      "POST /demo/rotate-keys",
      async () => {
        await parts.rotateKeys();
        return { rotated: true };
      },
    ],
  ]);
}

function describeAccount({ id, password, description, scopes }: Accounts["demo"][number]) {
  return { name: id, password, description, scopes };
}

async function setTrouble(trouble: Trouble, req: IncomingMessage) {
  const wanted = parseTrouble(parseJson(await readBody(req)));
  if (typeof wanted === "string") throw new RefusedRequest(400, wanted);
  trouble.set(wanted.state, wanted.forMs);
  return trouble.state();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusedRequest(400, "The body must be JSON.");
  }
}

function allowOrigins(req: IncomingMessage, res: ServerResponse, origins: readonly string[]): void {
  const { origin } = req.headers;
  res.setHeader("Vary", "Origin");
  if (origin === undefined || !origins.includes(origin)) return;
  res.setHeader("Access-Control-Allow-Origin", origin);
  res.setHeader("Access-Control-Allow-Methods", "GET, POST");
  res.setHeader("Access-Control-Allow-Headers", "content-type");
}

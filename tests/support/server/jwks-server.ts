import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { JSONWebKeySet } from "jose";
import { addressOf, listen } from "./gate-server.ts";

/** What a JWKS endpoint does with one request. */
export type JwksBehaviour = (response: ServerResponse, path: string) => void;

/** A real endpoint for keys that can be made to fail in every way. */
export interface JwksServer {
  readonly baseUrl: string;
  readonly jwksUri: string;
  /** The paths that were asked for, in order. */
  readonly requests: readonly string[];
  behave(behaviour: JwksBehaviour): void;
  close(): Promise<void>;
}

export async function startJwksServer(behaviour: JwksBehaviour): Promise<JwksServer> {
  const requests: string[] = [];
  let current = behaviour;
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    current(response, request.url ?? "");
  });
  const close = await listen(server);
  const baseUrl = addressOf(server);
  return {
    baseUrl,
    jwksUri: `${baseUrl}/jwks`,
    requests,
    behave: (next) => (current = next),
    close,
  };
}

/** Answers with JSON. */
export function json(value: JSONWebKeySet | object, status = 200): JwksBehaviour {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
}

/** Takes the request and never answers. */
export const silence: JwksBehaviour = () => {};

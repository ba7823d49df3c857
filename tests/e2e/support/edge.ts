import { startEnvoy } from "../../interop/envoy/envoy.ts";
import type { EnvoyDeployment } from "../../interop/envoy/envoy.ts";

/** Names the program of an Envoy that stands between browser and API; unset means none. */
export const envoyVariable = "E2E_ENVOY";

/** The port of another UserService behind that Envoy; unset means the backend's. */
export const serviceVariable = "E2E_SERVICE_PORT";

/** What stands in front of the API. */
export interface Edge {
  stop(): Promise<void>;
}

/** Whether the run has an Envoy in front of its APIs. */
export function hasEdge(): boolean {
  return process.env[envoyVariable] !== undefined;
}

/** Starts what the run has in front of an API that listens already; nothing by default. */
export async function startEdge(deployment: EnvoyDeployment): Promise<Edge> {
  const program = process.env[envoyVariable];
  if (program === undefined) return { stop: () => Promise.resolve() };
  const servicePort = Number(process.env[serviceVariable] ?? deployment.servicePort);
  return startEnvoy({ version: "", program }, { ...deployment, servicePort });
}

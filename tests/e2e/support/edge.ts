import { startEnvoy } from "../../interop/envoy/envoy.ts";
import type { EnvoyDeployment } from "../../interop/envoy/envoy.ts";
import { serveWithCaddy } from "../../interop/site/caddy.ts";
import { serveWithNginx } from "../../interop/site/nginx.ts";
import type { NginxOptions } from "../../interop/site/nginx.ts";
import { createSiteServer } from "../../../scripts/site-server.ts";

/**
 * What the environment puts around the product, so that the same tests run
 * behind what teams deploy. Unset means none.
 */
export const surroundings = {
  /** The program of an Envoy between browser and API. */
  envoy: "E2E_ENVOY",
  /** The port of another UserService behind that Envoy. */
  servicePort: "E2E_SERVICE_PORT",
  /** The program of an nginx that serves the site, with the API behind the same name. */
  nginx: "E2E_NGINX",
  /** The program of a Caddy that serves the site. */
  caddy: "E2E_CADDY",
} as const;

const around = (name: keyof typeof surroundings) => process.env[surroundings[name]];

/** Something of a stack that runs. */
export interface Started {
  stop(): Promise<void>;
}

/** The address that pages call, out of what is around the API. */
export function apiAddress(ports: { api: number; site: number; edge: number }): string {
  if (around("envoy") !== undefined) return `http://127.0.0.1:${ports.edge}`;
  return `http://localhost:${around("nginx") === undefined ? ports.api : ports.site}`;
}

/** Starts what stands in front of an API that listens already; nothing by default. */
export async function startEdge(deployment: EnvoyDeployment): Promise<Started> {
  const program = around("envoy");
  if (program === undefined) return { stop: () => Promise.resolve() };
  const servicePort = Number(around("servicePort") ?? deployment.servicePort);
  return startEnvoy({ version: "", program }, { ...deployment, servicePort });
}

/** Serves the site, by default with the server of `npm start`. */
export async function startSite(
  options: NginxOptions & { readonly root: string },
): Promise<Started & { readonly url: string }> {
  const [nginx, caddy] = [around("nginx"), around("caddy")];
  if (nginx !== undefined) return serveWithNginx({ version: "", program: nginx }, options);
  if (caddy !== undefined) return serveWithCaddy({ version: "", program: caddy }, options);
  const { url, close } = await createSiteServer(options);
  return { url, stop: close };
}

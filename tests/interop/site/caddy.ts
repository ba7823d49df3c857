import { command } from "../../../scripts/test/command.ts";
import { answers, startChild } from "../support/child.ts";
import { goProgram } from "../support/install.ts";
import type { Missing } from "../support/peer.ts";
import { prepareSite } from "./served-site.ts";
import type { FoundHost, ServedSite, SiteOptions } from "./served-site.ts";

/** Builds Caddy from its Go module. */
export async function findCaddy(): Promise<FoundHost | Missing> {
  const built = await goProgram("caddy-server");
  if ("missing" in built) return built;
  const exit = await command([built.path, "version"]);
  const version = /^v(\S+)/.exec(exit.output)?.[1] ?? "unknown";
  return { version, program: built.path };
}

/** Serves a site with `deploy/Caddyfile` as it is shipped. */
export async function serveWithCaddy(
  { program }: FoundHost,
  options: SiteOptions,
): Promise<ServedSite> {
  const folder = await prepareSite("caddy", options);
  const env = {
    SITE_ADDRESS: `http://localhost:${options.port}`,
    SITE_BIND: "127.0.0.1",
    SITE_ROOT: folder.site,
    SITE_HEADERS: folder.headers,
    // Where it keeps certificates and what it remembers.
    HOME: folder.path,
  };
  const how = ["--config", "deploy/Caddyfile", "--adapter", "caddyfile"];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const exit = await command(["env", ...variables, program, "validate", ...how]);
  if (exit.code !== 0 || /"level":"(warn|error)"/.test(exit.output)) throw new Error(exit.output);
  const child = await startChild({
    name: "Caddy",
    argv: [program, "run", ...how],
    env,
    ready: () => answers(`http://localhost:${options.port}/`),
    readyMs: 30_000,
  });
  return {
    url: `http://localhost:${options.port}`,
    output: () => child.output(),
    async stop() {
      await child.stop();
      await folder.remove();
    },
  };
}

import type { RequestListener } from "node:http";
import { dirname } from "node:path";
import { listen } from "./listen.ts";
import { createSiteHandler } from "./site-server.ts";
import { buildSite } from "./start/site-build.ts";
import { supervise } from "./start/supervise.ts";

const root = dirname(import.meta.dirname);

const stillBuilding: RequestListener = (_request, response) => {
  response.writeHead(503, { "Content-Type": "text/plain", "Retry-After": "1" });
  response.end("The dashboard is being built; try again in a few seconds.\n");
};

await supervise(root, async (site, signal) => {
  const { config, certificates, dashboardPort, hosts } = site;
  let handler = stillBuilding;
  // Before the build, so that a port in use is told at once.
  const answer: RequestListener = (request, response) => {
    handler(request, response);
  };
  const listener = await listen(hosts, dashboardPort, answer, certificates);
  try {
    handler = await createSiteHandler({ root: await buildSite({ root, signal }), config });
    return listener;
  } catch (error) {
    await listener.close();
    throw error;
  }
});

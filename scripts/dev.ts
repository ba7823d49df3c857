import { dirname } from "node:path";
import { createServer } from "vite";
import type { Plugin } from "vite";
import type { SiteConfig } from "../src/site/index.ts";
import { PortInUseError } from "./listen.ts";
import { supervise } from "./start/supervise.ts";

const root = dirname(import.meta.dirname);

await supervise(root, async ({ certificates, config, dashboardPort: port, hosts }) => {
  const server = await createServer({
    root,
    logLevel: "warn",
    plugins: [serveConfig(config)],
    // Otherwise it looks into the pages of the examples as well.
    optimizeDeps: { entries: ["index.html"] },
    server: {
      host: hosts[0] ?? "127.0.0.1",
      port,
      strictPort: true,
      ...(certificates === undefined ? {} : { https: certificates }),
    },
  });
  try {
    await server.listen();
    return server;
  } catch (error) {
    await server.close();
    const inUse = error instanceof Error && error.message.includes("already in use");
    throw inUse ? new PortInUseError(port, { cause: error }) : error;
  }
});

/** Answers `/config.json` as the production server does. */
function serveConfig(config: SiteConfig): Plugin {
  return {
    name: "site-config",
    configureServer: ({ middlewares }) => {
      middlewares.use("/config.json", (_request, response) => {
        response.writeHead(200, {
          "Content-Type": "application/json",
          "Cache-Control": "no-cache",
        });
        response.end(JSON.stringify(config));
      });
    },
  };
}

import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { command } from "../../../scripts/test/command.ts";
import { startChild } from "../support/child.ts";
import { edit, withTls } from "../support/edits.ts";
import { debianPackage } from "../support/install.ts";
import type { Missing } from "../support/peer.ts";
import { prepareSite } from "./served-site.ts";
import type { FoundHost, ServedSite, SiteOptions } from "./served-site.ts";

/** Gets nginx from Debian; only root can start it. */
export async function findNginx(): Promise<FoundHost | Missing> {
  if (process.getuid?.() !== 0) {
    return { missing: "nginx writes to folders of the system; run the suite as root" };
  }
  const installed = await debianPackage("nginx");
  if ("missing" in installed) return installed;
  const exit = await command([installed.path, "-v"]);
  const version = /nginx\/(\S+)/.exec(exit.output)?.[1] ?? "unknown";
  return { version, program: installed.path };
}

/** What only nginx is asked for. */
export interface NginxOptions extends SiteOptions {
  /** Puts the API that listens on this port behind the name of the site. */
  readonly apiPort?: number;
  /** Also listens on a port with TLS, where the other one then leads. */
  readonly tls?: { readonly port: number; readonly certFile: string; readonly keyFile: string };
}

/** Serves a site with `deploy/nginx` as it is shipped, but for the marked places. */
export async function serveWithNginx(
  { program }: FoundHost,
  options: NginxOptions,
): Promise<ServedSite> {
  const folder = await prepareSite("nginx", options);
  const file = join(folder.path, "nginx.conf");
  const log = join(folder.path, "access.log");
  const apiFile = join(folder.path, "api.conf");
  const { tls, apiPort } = options;
  const shipped = await readFile("deploy/nginx/nginx.conf", "utf8");
  const edited = edit(shipped, {
    pid: join(folder.path, "nginx.pid"),
    "access-log": log,
    listen: `127.0.0.1:${options.port}`,
    site: folder.site,
    headers: folder.headers,
    "api-file": apiFile,
    ...(tls && {
      "listen-tls": `127.0.0.1:${tls.port}`,
      certificate: tls.certFile,
      "private-key": tls.keyFile,
    }),
  });
  const secure = tls === undefined ? edited : withTls(edited);
  await writeFile(file, apiPort === undefined ? secure : secure.replace("#api ", ""));
  const api = await readFile("deploy/nginx/api.conf", "utf8");
  await writeFile(apiFile, edit(api, { api: `http://127.0.0.1:${apiPort ?? 0}` }));
  const argv = [program, "-e", "stderr", "-p", folder.path, "-c", file] as const;
  const exit = await command([...argv, "-t"]);
  if (exit.code !== 0 || /\[warn\]/.test(exit.output)) throw new Error(exit.output);
  const plain = `http://127.0.0.1:${options.port}/`;
  const child = await startChild({
    name: "nginx",
    argv: [...argv, "-g", "daemon off;"],
    ready: async () => (await fetch(plain, { redirect: "manual" })).status < 400,
    readyMs: 30_000,
  });
  return {
    url: `http://localhost:${options.port}`,
    output: () => child.output() + readFileSync(log, "utf8"),
    async stop() {
      await child.stop();
      await folder.remove();
    },
  };
}

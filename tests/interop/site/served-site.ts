import { chmod, cp, mkdtemp, rm } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeHeaders } from "../../../scripts/headers/write-headers.ts";
import type { SiteConfig } from "../../../src/site/index.ts";

/** The hosts that the suites run; also their names in `npm run headers`. */
export type HostName = "nginx" | "caddy";

/** The program of a host, as a suite has found it. */
export interface FoundHost {
  readonly version: string;
  readonly program: string;
}

/** How a site is served. */
export interface SiteOptions {
  readonly config: SiteConfig;
  /** Where the host listens on 127.0.0.1. */
  readonly port: number;
  /** The folder of the build; by default that of the dashboard. */
  readonly root?: string;
}

/** A site behind a host that runs. */
export interface ServedSite {
  /** The origin, for example `http://localhost:5173`. */
  readonly url: string;
  /** What the host printed: its access log. */
  output(): string;
  stop(): Promise<void>;
}

/** What is copied to a host: the folder of the site, and what was written for it. */
export interface SiteFolder {
  /** Has everything; a host may write here what it needs. */
  readonly path: string;
  readonly site: string;
  /** The file with the headers. */
  readonly headers: string;
  remove(): Promise<void>;
}

/** Does what a team does: copies the build, edits `config.json`, and has the headers written. */
export async function prepareSite(target: HostName, options: SiteOptions): Promise<SiteFolder> {
  const path = await mkdtemp(join(tmpdir(), `${target}-`));
  const site = join(path, "site");
  await cp(options.root ?? "dist/site", site, { recursive: true });
  const config = join(path, "config.json");
  writeFileSync(config, JSON.stringify(options.config));
  const [headers = ""] = await writeHeaders({ config, target, site, out: path });
  await cp(config, join(site, "config.json"));
  // Hosts read it as somebody else.
  for (const folder of [path, site]) await chmod(folder, 0o755);
  return {
    path,
    site,
    headers: join(path, headers),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

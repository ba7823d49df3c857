import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSiteConfig } from "../../src/site/index.ts";
import { listFiles } from "../list-files.ts";
import { caddyFiles } from "./caddy.ts";
import { cloudflareFiles } from "./cloudflare.ts";
import type { HostFile, HostSite } from "./host-site.ts";
import { netlifyFiles } from "./netlify.ts";
import { nginxFiles } from "./nginx.ts";
import { s3CloudfrontFiles } from "./s3-cloudfront.ts";

const targets: Readonly<Record<string, (site: HostSite) => HostFile[]>> = {
  netlify: netlifyFiles,
  cloudflare: cloudflareFiles,
  nginx: nginxFiles,
  caddy: caddyFiles,
  "s3-cloudfront": s3CloudfrontFiles,
};

/** The hosts that files can be written for. */
export const targetNames: readonly string[] = Object.keys(targets);

/** What {@link writeHeaders} needs. */
export interface WriteHeadersOptions {
  /** The file with the configuration. */
  readonly config: string;
  /** One of {@link targetNames}. */
  readonly target: string;
  /** The folder of the build. */
  readonly site: string;
  /** The folder that is written. */
  readonly out: string;
}

/**
 * Writes the header and routing files of a host, and the configuration that
 * they were made from beside them. Returns the names of the files. Throws a
 * `SiteConfigError` when the configuration is wrong.
 */
export async function writeHeaders(options: WriteHeadersOptions): Promise<string[]> {
  const write = targets[options.target];
  if (write === undefined) {
    throw new Error(`There is no target "${options.target}"; use ${targetNames.join(", ")}.`);
  }
  const config = parseSiteConfig(JSON.parse(await readFile(options.config, "utf8")));
  const files = [
    ...write({ config, files: await listFiles(options.site) }),
    { name: "config.json", text: `${JSON.stringify(config, undefined, 2)}\n` },
  ];
  await mkdir(options.out, { recursive: true });
  for (const file of files) await writeFile(join(options.out, file.name), file.text);
  return files.map((file) => file.name);
}

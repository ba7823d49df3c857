import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { send } from "./respond.ts";

const assets: ReadonlyMap<string, { readonly type: string; readonly body: string }> = new Map([
  ["/assets/issuer.css", { type: "text/css; charset=utf-8", body: read("issuer.css") }],
  ["/assets/icon.svg", { type: "image/svg+xml", body: read("icon.svg") }],
]);

function read(name: string): string {
  return readFileSync(new URL(`pages/${name}`, import.meta.url), "utf8");
}

/** Serves the stylesheet and the mark of the issuer's pages. Answers false when `path` is neither. */
export function serveAsset(req: IncomingMessage, res: ServerResponse, path: string): boolean {
  const asset = assets.get(path);
  if (asset === undefined || req.method !== "GET") return false;
  res.setHeader("Cache-Control", "public, max-age=300");
  res.setHeader("X-Content-Type-Options", "nosniff");
  send(res, 200, asset.type, asset.body);
  return true;
}

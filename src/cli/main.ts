#!/usr/bin/env node
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import type { World } from "./world.ts";

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => interrupted.abort(new Error("interrupted")));
}
// A reader that has enough, such as head, ends the program without a word.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 4);
});

const openLoopback: World["openLoopback"] = async (handler) => {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { port: address.port, close: () => void server.close() };
};

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

const openBrowser: World["openBrowser"] = (url) => {
  const [command, ...args] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  // Without a browser the person has the address, which was printed.
  child.once("error", () => {});
  child.unref();
};

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return String(Object(manifest).version);
}

const world: World = {
  args: process.argv.slice(2),
  env: process.env,
  input: {
    isTerminal: process.stdin.isTTY,
    lines: () => createInterface({ input: process.stdin }),
  },
  print: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`${line}\n`),
  interrupted: interrupted.signal,
  openLoopback,
  openBrowser,
};

try {
  const { run } = await import("./run.ts");
  process.exitCode = await run(world, readVersion());
} catch (error) {
  // The library needs it for Node only, and so does not bring it.
  const transport = "@connectrpc/connect-node";
  const isMissing = error instanceof Error && error.message.includes(`'${transport}'`);
  if (!isMissing) throw error;
  world.tell(`user-lookup needs ${transport}. Type: npm install ${transport}`);
  process.exitCode = 2;
}

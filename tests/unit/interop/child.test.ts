import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { answers, freePort, startChild } from "../../interop/support/child.ts";

function node(script: string) {
  return { name: "The program", argv: [process.execPath, "-e", script] as const };
}

test("a program is ready when its condition is met, and gone when it is stopped", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const child = await startChild({
    ...node(`require("http").createServer((_, r) => r.end("up")).listen(${port}, "127.0.0.1")`),
    ready: () => answers(url),
  });
  expect(await answers(url)).toBe(true);
  await child.stop();
  await expect(answers(url)).rejects.toThrow("fetch failed");
});

test("a program that ends before it is ready is told with what it printed, without tokens", async () => {
  const script = `console.log("refused eyJhbGciOiJub25lIn0.e30. code=abc&x"); process.exitCode = 3;`;
  const start = startChild({ ...node(script), ready: () => Promise.resolve(false) });
  await expect(start).rejects.toThrow(
    "The program has ended (3). It printed:\nrefused <token> code=<hidden>&x",
  );
});

test("a program that is never ready is stopped", async () => {
  const start = startChild({
    ...node("setInterval(() => {}, 1000)"),
    ready: () => Promise.reject(new Error("not yet")),
    readyMs: 100,
  });
  await expect(start).rejects.toThrow("The program was not ready after 0.1 s");
});

test("what a program prints can be awaited", async () => {
  const child = await startChild(node(`console.log("port " + 42); setInterval(() => {}, 1000)`));
  expect((await child.printed(/port (\d+)/))[1]).toBe("42");
  await child.stop();
  await expect(child.printed(/never/)).rejects.toThrow("never printed /never/");
});

test("another answer than the expected one is not ready", async () => {
  const server = createServer((_request, response) => response.writeHead(503).end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  expect(await answers(`http://127.0.0.1:${port}/`)).toBe(false);
  expect(await answers(`http://127.0.0.1:${port}/`, 503)).toBe(true);
  server.close();
});

import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createHttp1Host } from "../../../src/backend/http-host.ts";

it("ends a request whose header arrives a byte at a time", async () => {
  const limits = { headersMs: 200, requestMs: 400, checkEveryMs: 50 };
  const host = createHttp1Host((_, response) => void response.end("fine"), limits);
  const server = createServer(host.accept).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.write("GET / HTTP/1.1\r\nhost: localhost\r\n");
  const dribble = setInterval(() => client.write("x"), 20);
  const [answer] = (await once(client, "data")) as [Buffer];
  clearInterval(dribble);
  expect(answer.toString("latin1")).toContain("408");
  client.destroy();
  await host.close(0);
  server.close();
});

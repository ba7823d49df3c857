import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createHttp1Host, createHttpHost } from "../../../src/backend/http-host.ts";

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

it("closes a connection of HTTP/2 on which nothing is said any more", async () => {
  const host = createHttpHost((_, response) => void response.end("fine"), 50);
  const server = createServer({ pauseOnConnect: true }, host.accept).listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const closed = once(session, "close");
  const stream = session.request({ ":path": "/" });
  const [chunk] = (await once(stream, "data")) as [Buffer];
  expect(chunk.toString()).toBe("fine");
  await closed;
  await host.close(0);
  server.close();
});

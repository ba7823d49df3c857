import type { Http2SecureServer } from "node:http2";
import { createSecureServer } from "node:http2";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { AuthError, createTokenSource } from "../../../../src/lib/core/index.ts";
import { clientCredentials } from "../../../../src/lib/grants/index.ts";
import { trust } from "../../../../src/lib/node/index.ts";
import { createDevelopmentCertificates } from "../../../../scripts/start/development-certificates.ts";
import { loopbackCertificates } from "../../../support/certificates.ts";

const certificates = await loopbackCertificates();
const adapter = connectNodeAdapter({
  routes: (router) =>
    void router.service(UserService, { getUser: ({ userId }) => ({ id: userId, name: "Ada" }) }),
});
let issuer: Server;
let api: Http2SecureServer;
const origin = (server: Server | Http2SecureServer, host = "localhost") =>
  `https://${host}:${(server.address() as AddressInfo).port}`;

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === "/elsewhere") {
    response.writeHead(302, { location: "/token", "set-cookie": ["a=1", "b=2"] }).end();
    return;
  }
  if (request.url === "/nothing") {
    response.writeHead(204).end();
    return;
  }
  response.setHeader("content-type", "application/json");
  request.setEncoding("utf8");
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const { method, headers } = request;
    const seen = { method, body, type: headers["content-type"], length: headers["content-length"] };
    response.end(JSON.stringify({ access_token: "at", token_type: "bearer", ...seen }));
  });
}

beforeAll(async () => {
  issuer = createServer(certificates, answer).listen(0, "localhost");
  api = createSecureServer({ ...certificates, allowHTTP1: true }, adapter).listen(0, "localhost");
  await Promise.all(
    [issuer, api].map((server) => new Promise((done) => server.once("listening", done))),
  );
});
afterAll(() => {
  issuer.close();
  api.close();
});

describe("fetch", () => {
  test("reaches a server of the private authority, with method, headers and body", async () => {
    const { fetch } = trust({ ca: certificates.ca });
    const body = new URLSearchParams({ grant_type: "client_credentials" });
    const response = await fetch(`${origin(issuer)}/token`, { method: "POST", body });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toMatchObject({
      method: "POST",
      body: "grant_type=client_credentials",
      type: "application/x-www-form-urlencoded;charset=UTF-8",
      length: "29",
    });
  });

  test("takes the bytes of a file and several authorities", async () => {
    const other = await createDevelopmentCertificates();
    const { fetch } = trust({ ca: [other.ca, Buffer.from(certificates.ca)] });
    expect((await fetch(`${origin(issuer)}/token`)).status).toBe(200);
  });

  test.each([
    ["the system's authorities alone", undefined],
    ["another authority", "other"],
  ])("names the host when there is %s", async (_name, which) => {
    const ca = which === undefined ? [] : (await createDevelopmentCertificates()).ca;
    const { fetch } = trust({ ca });
    const failed = fetch(`${origin(issuer)}/token`);
    await expect(failed).rejects.toThrow(AuthError);
    const { host } = new URL(origin(issuer));
    await expect(failed).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining(`certificate of ${host} is not accepted`),
    });
  });

  test("a grant fails at once with that, instead of asking again later", async () => {
    const source = createTokenSource(
      clientCredentials({
        tokenUrl: `${origin(issuer)}/token`,
        clientId: "test-client",
        clientSecret: "foobar",
        fetch: trust().fetch,
      }),
    );
    await expect(source.getToken()).rejects.toMatchObject({ code: "misconfigured" });
    const discovering = createTokenSource(
      clientCredentials({ issuer: origin(issuer), clientId: "c", fetch: trust().fetch }),
    );
    await expect(discovering.getToken()).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("is not accepted"),
    });
  });

  test("says that nobody listens as fetch does, naming the host", async () => {
    const gone = createServer(certificates).listen(0, "localhost");
    await new Promise((done) => gone.once("listening", done));
    const url = origin(gone);
    await new Promise((done) => gone.close(done));
    const failed = trust().fetch(url);
    await expect(failed).rejects.toThrow(TypeError);
    await expect(failed).rejects.toThrow(new URL(url).host);
    await expect(failed).rejects.toThrow("ECONNREFUSED");
  });

  test("follows no redirect: gives it when asked to, and otherwise rejects", async () => {
    const { fetch } = trust({ ca: certificates.ca });
    const url = `${origin(issuer)}/elsewhere`;
    const response = await fetch(url, { redirect: "manual" });
    expect(response.status).toBe(302);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    await expect(fetch(url)).rejects.toThrow("redirects");
    await expect(fetch(url, { redirect: "error" })).rejects.toThrow("redirects");
  });

  test("ends with the reason of the signal, and gives an answer without a body", async () => {
    const { fetch } = trust({ ca: certificates.ca });
    const reason = new Error("enough");
    const aborted = fetch(`${origin(issuer)}/token`, { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    expect((await fetch(`${origin(issuer)}/nothing`)).status).toBe(204);
  });

  test("reaches plain http on this machine too", async () => {
    const { createServer: createPlain } = await import("node:http");
    const server = createPlain((_request, response) => void response.end("plain"));
    server.listen(0, "localhost");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    const response = await trust().fetch(`http://localhost:${port}/`);
    expect(await response.text()).toBe("plain");
    server.close();
  });
});

describe("nodeOptions", () => {
  const transports = [
    ["gRPC over HTTP/2", (options: Options) => createGrpcTransport(options)],
    [
      "Connect over HTTP/1.1",
      (options: Options) => createConnectTransport({ ...options, httpVersion: "1.1" }),
    ],
  ] as const;
  interface Options {
    readonly baseUrl: string;
    readonly nodeOptions: { ca: string[] };
    readonly interceptors: ReturnType<typeof trust>["interceptor"][];
  }

  function clientOf(
    create: (options: Options) => ReturnType<typeof createGrpcTransport>,
    ca?: string,
  ) {
    const { nodeOptions, interceptor } = trust(ca === undefined ? {} : { ca });
    const options = { baseUrl: origin(api), nodeOptions, interceptors: [interceptor] };
    return createClient(UserService, create(options));
  }

  test.each(transports)("reach an API of the private authority: %s", async (_name, create) => {
    const user = await clientOf(create, certificates.ca).getUser({ userId: "user123" });
    expect(user.name).toBe("Ada");
  });

  test.each(transports)(
    "without it the call fails and names the host: %s",
    async (_name, create) => {
      const failure = await clientOf(create)
        .getUser({ userId: "user123" })
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ConnectError);
      const error = ConnectError.from(failure);
      expect(error.code).toBe(Code.FailedPrecondition);
      expect(error.message).toContain(`certificate of ${new URL(origin(api)).host}`);
      expect(AuthError.find(error)?.code).toBe("misconfigured");
    },
  );

  test("leave other failures as they are", async () => {
    const failure = await clientOf(transports[0][1], certificates.ca)
      .listUsers({})
      .catch((error: unknown) => error);
    expect(ConnectError.from(failure).code).toBe(Code.Unimplemented);
  });
});

test.each([
  "",
  "/path/to/public.crt",
  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
])("an authority that is no certificate is refused at once: %s", (ca) => {
  expect(() => trust({ ca })).toThrow("not PEM");
});

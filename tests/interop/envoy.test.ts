import { readFile } from "node:fs/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, expect } from "vitest";
import { createSiteServer } from "../../scripts/site-server.ts";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { clientWith, envelope, protocols } from "./envoy/clients.ts";
import { findEnvoy, startEnvoy, validate } from "./envoy/envoy.ts";
import type { Envoy, EnvoyDeployment } from "./envoy/envoy.ts";
import { suspendUser, watchAcross } from "./envoy/watch.ts";
import { demoConfig } from "./site/features.ts";
import { freePort } from "./support/child.ts";
import { expectHealthy } from "./support/doctor.ts";
import { describePeer } from "./support/peer.ts";
import { runSpecs } from "./support/specs.ts";

const dashboardOrigin = "http://localhost:5173";
const garbage = "eyJhbGciOiJFUzI1NiJ9.e30.AAAA";

await describePeer({ name: "Envoy", find: findEnvoy }, (found, feature) => {
  let backend: TestBackend;
  let deployment: EnvoyDeployment;
  let envoy: Envoy;
  let token: string;

  beforeAll(async () => {
    backend = await startTestBackend({ accessTokenTtlSeconds: 60 });
    token = await backend.serviceToken();
    deployment = {
      port: await freePort(),
      issuer: backend.issuerUrl,
      dashboardOrigin,
      servicePort: Number(new URL(backend.apiUrl).port),
    };
    envoy = await startEnvoy(found, deployment);
  });
  afterAll(async () => {
    await envoy?.stop();
    await backend?.remove();
  });

  const post = (headers: Record<string, string>, method = "GetUser") =>
    fetch(`${envoy.url}/user.v1.UserService/${method}`, {
      method: "POST",
      headers: {
        "content-type": "application/grpc-web+proto",
        "x-grpc-web": "1",
        origin: dashboardOrigin,
        ...headers,
      },
      body: envelope("user123"),
    });

  feature("deploy/envoy.yaml as it is shipped is valid, without a warning", async () => {
    const exit = await validate(found, await readFile("deploy/envoy.yaml", "utf8"));
    expect(exit).toEqual({ code: 0, output: expect.stringMatching(/^configuration .* OK\n$/) });
  });

  for (const protocol of protocols) {
    feature(`${protocol}: a call with a token is answered`, async () => {
      const { users } = clientWith(envoy.url, [token], protocol);
      const user = await users.getUser({ userId: "user123" });
      expect(user.name).toBe("Ada Lovelace");
    });

    feature(`${protocol}: a refused token is renewed once, and the call repeated`, async () => {
      const client = clientWith(envoy.url, [garbage, token], protocol);
      const user = await client.users.getUser({ userId: "user123" });
      expect({ name: user.name, fetched: client.fetched }).toEqual({
        name: "Ada Lovelace",
        fetched: 2,
      });
    });
  }

  feature("a stream with a refused token is opened again with a new one", async () => {
    const client = clientWith(envoy.url, [garbage, token]);
    const controller = new AbortController();
    const options = { signal: controller.signal };
    for await (const { event } of client.users.watchUser({ userId: "user123" }, options)) {
      expect(event.case).toBe("user");
      break;
    }
    controller.abort();
    expect(client.fetched).toBe(2);
  });

  feature("a page can read why it was refused", async () => {
    for (const method of ["GetUser", "WatchUser"]) {
      const response = await post({ authorization: `Bearer ${garbage}` }, method);
      expect(response.headers.get("grpc-status")).toBe("16");
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer .*error="invalid_token"/);
      expect(response.headers.get("x-request-id")).not.toBeNull();
      expect(response.headers.get("access-control-allow-origin")).toBe(dashboardOrigin);
      const exposed = response.headers.get("access-control-expose-headers")?.split(", ");
      expect(exposed).toEqual(
        expect.arrayContaining([
          "grpc-status",
          "grpc-message",
          "grpc-status-details-bin",
          "www-authenticate",
          "retry-after",
          "x-request-id",
        ]),
      );
    }
  });

  feature("a preflight of the dashboard is answered, and no other's", async () => {
    const wanted =
      "authorization,connect-protocol-version,connect-timeout-ms,content-type,grpc-timeout,x-grpc-web,x-request-id,x-user-agent";
    const preflight = async (origin: string) => {
      const response = await fetch(`${envoy.url}/user.v1.UserService/GetUser`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": wanted,
        },
      });
      return response.headers;
    };
    const allowed = await preflight(dashboardOrigin);
    expect(allowed.get("access-control-allow-origin")).toBe(dashboardOrigin);
    expect(allowed.get("access-control-max-age")).toBe("7200");
    const names = allowed.get("access-control-allow-headers")?.split(", ");
    expect(names).toEqual(expect.arrayContaining(wanted.split(",")));
    for (const origin of ["http://localhost:51730", "http://evil.example", "null"]) {
      expect((await preflight(origin)).has("access-control-allow-origin")).toBe(false);
    }
  });

  feature("a scope that is missing is told without a renewal", async () => {
    const client = clientWith(envoy.url, [await backend.personToken("guest"), token]);
    const error = await client.users.getUser({ userId: "user123" }).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.PermissionDenied });
    expect(client.fetched).toBe(1);
  });

  feature("what the service itself says arrives whole", async () => {
    const { users } = clientWith(envoy.url, [token]);
    const error = await users.getUser({ userId: "nobody" }).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.NotFound });
    expect(error).toHaveProperty("details.length", expect.any(Number));
    const late = await users
      .getUser({ userId: "user123" }, { timeoutMs: 0.001 })
      .catch(ConnectError.from);
    expect(late).toMatchObject({ code: Code.DeadlineExceeded });
  });

  feature("keys that the issuer rotates are followed", async () => {
    const response = await fetch(`${backend.issuerUrl}/demo/rotate-keys`, { method: "POST" });
    expect(response.status).toBe(200);
    const { users } = clientWith(envoy.url, [await backend.serviceToken()]);
    expect((await users.getUser({ userId: "user123" })).name).toBe("Ada Lovelace");
  });

  feature("a stream ends with its token, and goes on behind its cursor", async () => {
    const own = await startTestBackend({ accessTokenTtlSeconds: 2 });
    const port = await freePort();
    const servicePort = Number(new URL(own.apiUrl).port);
    const front = await startEnvoy(found, {
      ...deployment,
      port,
      servicePort,
      issuer: own.issuerUrl,
    });
    try {
      let isChanged = false;
      const watched = await watchAcross(
        front.url,
        () => own.serviceToken(),
        ({ cursors, versions }) => {
          if (cursors.length === 2 && !isChanged) {
            isChanged = true;
            suspendUser(own.databaseFile);
          }
          return versions.length === 2;
        },
      );
      expect(watched.versions).toEqual([1n, 2n]);
      expect(watched.cursors.slice(0, 2)).toEqual([0n, 1n]);
    } finally {
      await front.stop();
      await own.remove();
    }
  });

  feature("a service that is away is UNAVAILABLE, and /healthz says so", async () => {
    const own = await startTestBackend({ seedUsers: 200 });
    const servicePort = Number(new URL(own.apiUrl).port);
    const change = (text: string) => text.replace("interval: 5s", "interval: 0.1s");
    const settings = { port: await freePort(), servicePort, change };
    const front = await startEnvoy(found, { ...deployment, ...settings });
    try {
      const health = async () => (await fetch(`${front.url}/healthz`)).status;
      await expect.poll(health).toBe(200);
      await own.close(0);
      const client = clientWith(front.url, [token]);
      const error = await client.users.getUser({ userId: "user123" }).catch(ConnectError.from);
      expect(error).toMatchObject({ code: Code.Unavailable });
      expect(client.fetched).toBe(1);
      await expect.poll(health, { timeout: 20_000 }).toBe(503);
    } finally {
      await front.stop();
      await own.remove();
    }
  });

  feature("the doctor finds nothing wrong", async () => {
    const [port, sitePort] = [await freePort(), await freePort()];
    const own = await startTestBackend({ dashboardUrl: `http://localhost:${sitePort}` });
    const { issuerUrl: issuer } = own;
    const config = { ...demoConfig, issuer, apiBaseUrl: `http://localhost:${port}` };
    const site = await createSiteServer({ root: "dist/site", config, port: sitePort });
    const servicePort = Number(new URL(own.apiUrl).port);
    const settings = { port, issuer, dashboardOrigin: site.url, servicePort };
    const edge = await startEnvoy(found, settings);
    try {
      await expectHealthy(site.url, await own.serviceToken());
    } finally {
      await edge.stop();
      await own.remove();
      await site.close();
    }
  });

  feature("nothing of a token is in its log", async () => {
    const front = await startEnvoy(found, { ...deployment, port: await freePort() });
    await clientWith(front.url, [garbage, token]).users.getUser({ userId: "user123" });
    // It writes its log when it ends, if not before.
    await front.stop();
    expect(front.output()).toContain("jwt_authn_access_denied");
    expect(front.output()).not.toMatch(/<token>|<hidden>|Bearer/);
  });

  feature(
    "the dashboard's end-to-end tests run through it",
    () =>
      runSpecs(["lookup/first-look", "people", "token-life", "user/live-user"], {
        envoy: found.program,
      }),
    { timeoutMs: 180_000 },
  );
});

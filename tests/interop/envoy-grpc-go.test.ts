import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { AuthError } from "../../src/lib/core/index.ts";
import { loopbackCertificates } from "../support/certificates.ts";
import { addressOf, listen } from "../support/server/gate-server.ts";
import { json, startJwksServer } from "../support/server/jwks-server.ts";
import type { JwksServer } from "../support/server/jwks-server.ts";
import { jwksOf, signToken, testAudience, testIssuer } from "../support/server/test-issuer.ts";
import { defects } from "../support/server/token-defects.ts";
import type { DefectKeys } from "../support/server/token-defects.ts";
import { callOver, codeOf, firstOf } from "./envoy/calls.ts";
import { clientWith, envelope, trustingClient } from "./envoy/clients.ts";
import { checkTokenFirst, findEnvoy, startEnvoy } from "./envoy/envoy.ts";
import type { Envoy, EnvoyDeployment, FoundEnvoy } from "./envoy/envoy.ts";
import { makeKeys } from "./envoy/keys.ts";
import { watchAcross } from "./envoy/watch.ts";
import type { Watched } from "./envoy/watch.ts";
import { findService, startService } from "./grpc-go/service.ts";
import type { FoundService, Service } from "./grpc-go/service.ts";
import { freePort } from "./support/child.ts";
import { describePeer } from "./support/peer.ts";
import type { Missing } from "./support/peer.ts";
import { runSpecs } from "./support/specs.ts";

interface Found {
  readonly version: string;
  readonly envoy: FoundEnvoy;
  readonly service: FoundService;
}

async function find(): Promise<Found | Missing> {
  const envoy = await findEnvoy();
  if ("missing" in envoy) return envoy;
  const service = await findService();
  if ("missing" in service) return service;
  return { version: `${envoy.version} with grpc-go ${service.version}`, envoy, service };
}

await describePeer({ name: "Envoy before grpc-go", find }, (found, feature) => {
  let keys: DefectKeys;
  let jwks: JwksServer;
  let service: Service;
  let envoy: Envoy;
  let token: string;

  /** A deployment of its own, for one feature. */
  async function front(changes: Partial<EnvoyDeployment> = {}): Promise<Envoy> {
    return startEnvoy(found.envoy, {
      port: await freePort(),
      issuer: testIssuer,
      jwksUri: jwks.jwksUri,
      audience: testAudience,
      dashboardOrigin: "http://localhost:5173",
      servicePort: service.port,
      ...changes,
    });
  }

  beforeAll(async () => {
    keys = await makeKeys();
    jwks = await startJwksServer(json(jwksOf(keys.trusted)));
    token = await signToken(keys.trusted);
    service = await startService(found.service);
    envoy = await front();
  });
  afterAll(async () => {
    await envoy?.stop();
    await service?.stop();
    await jwks?.close();
  });

  feature("a call with a token is answered", async () => {
    const user = await clientWith(envoy.url, [token]).users.getUser({ userId: "user123" });
    expect(user.name).toBe("Ada Lovelace");
  });

  feature("a public method needs no token", async () => {
    const response = await fetch(`${envoy.url}/grpc.health.v1.Health/Check`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" },
      body: envelope(),
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("grpc-status:0");
  });

  feature(
    "the service sees no call without a good token",
    async () => {
      // Of its own: what others called may be told late.
      const own = await startService(found.service);
      const edge = await front({ servicePort: own.port });
      try {
        const reached: string[] = [];
        for (const { name, authorization } of defects.filter(({ gate }) => gate === undefined)) {
          const code = await codeOf(callWith(edge, await authorization(keys)));
          if (code === undefined) reached.push(name);
          else expect([name, code]).toEqual([name, expect.stringMatching(/^(Una|PermissionD)/)]);
        }
        expect(reached).toEqual([
          "typ JWT, as an ID token has",
          "no typ",
          "issued in the future",
          "no iat",
          "no subject",
          "no client",
          "no token id",
          "a revoked token",
        ]);
        await expect.poll(() => own.calls()).toBe(reached.length);
      } finally {
        await edge.stop();
        await own.stop();
      }
    },
    {
      deviation:
        "Envoy checks issuer, audience, time, signature, scopes and that no key is bound, and " +
        "lets through what lacks other claims of RFC 9068 or is revoked; a service with our token " +
        "gate behind it refuses these.",
    },
  );

  feature("a token of another audience is a mistake of the deployment, and called so", async () => {
    const other = await signToken(keys.trusted, { claims: { aud: "urn:test:others" } });
    const { users } = clientWith(envoy.url, [other]);
    const error = await users.getUser({ userId: "user123" }).catch(AuthError.from);
    expect(error).toMatchObject({ code: "misconfigured", message: /audience/ });
  });

  feature("a scope that is missing is named, without a renewal", async () => {
    const client = clientWith(envoy.url, [
      await signToken(keys.trusted, { claims: { scope: "" } }),
    ]);
    const read = await client.users.getUser({ userId: "user123" }).catch(AuthError.from);
    expect(read).toMatchObject({ code: "scope-missing", details: { scopes: ["users.read"] } });
    const reader = clientWith(envoy.url, [token]);
    const contact = await reader.users.getUserContact({ userId: "user123" }).catch(AuthError.from);
    expect(contact).toMatchObject({
      code: "scope-missing",
      details: { scopes: ["users.contact"] },
    });
    expect([client.fetched, reader.fetched]).toEqual([1, 1]);
  });

  feature("a method that no policy names is refused, and no scope is asked for it", async () => {
    const response = await fetch(`${envoy.url}/user.v1.UserService/DeleteUser`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/grpc-web+proto" },
      body: envelope(),
    });
    expect(response.headers.get("grpc-status")).toBe("7");
    expect(response.headers.get("www-authenticate")).toBeNull();
  });

  feature("a token in an address counts for nothing", async () => {
    const response = await fetch(`${envoy.url}/user.v1.UserService/GetUser?access_token=${token}`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" },
      body: envelope("user123"),
    });
    expect(response.headers.get("grpc-status")).toBe("16");
  });

  feature("an expired token is renewed once, and the call repeated", async () => {
    const past = Math.floor(Date.now() / 1000) - 60;
    const expired = await signToken(keys.trusted, { claims: { iat: past - 300, exp: past } });
    const client = clientWith(envoy.url, [expired, token]);
    expect((await client.users.getUser({ userId: "user123" })).id).toBe("user123");
    expect(client.fetched).toBe(2);
  });

  feature("a token that stays refused is renewed once, not again and again", async () => {
    const stranger = await signToken(keys.stranger);
    const client = clientWith(envoy.url, [stranger]);
    expect(await codeOf(client.users.getUser({ userId: "user123" }))).toBe("Unauthenticated");
    expect(client.fetched).toBe(2);
  });

  feature("a bare 401 with a text, as jwt_authn before grpc_web has it, is the same", async () => {
    const edge = await front({ change: checkTokenFirst });
    try {
      const bare = await callOver(edge.url, await signToken(keys.stranger));
      expect([bare.status, bare.headers.get("grpc-status")]).toEqual([401, null]);
      expect(await bare.text()).toMatch(/^Jwks doesn.t have key/);
      for (const method of ["getUser", "watchUser"] as const) {
        const client = clientWith(edge.url, [await signToken(keys.stranger), token]);
        expect([await firstOf(client, method), client.fetched]).toEqual(["user123", 2]);
      }
    } finally {
      await edge.stop();
    }
  });

  feature("a status in the header alone, as grpc-go refuses, is the same", async () => {
    const strict = await startService(found.service, "--max-token-age=60s");
    const edge = await front({ servicePort: strict.port });
    try {
      const iat = Math.floor(Date.now() / 1000) - 120;
      const old = await signToken(keys.trusted, { claims: { iat } });
      const refused = await callOver(edge.url, old);
      expect([refused.status, refused.headers.get("grpc-status")]).toEqual([200, "16"]);
      for (const method of ["getUser", "watchUser"] as const) {
        const client = clientWith(edge.url, [old, token]);
        expect([await firstOf(client, method), client.fetched]).toEqual(["user123", 2]);
      }
      const nobody = clientWith(edge.url, [token]);
      expect(await codeOf(nobody.users.getUser({ userId: "nobody" }))).toBe("NotFound");
      expect(nobody.fetched).toBe(1);
    } finally {
      await edge.stop();
      await strict.stop();
    }
  });

  feature("a stream that outlives its token is ended, and goes on behind its cursor", async () => {
    const edge = await front({ tokenLifetime: "1s" });
    try {
      const threeStreams = ({ cursors }: Watched) => cursors.length === 3;
      const watched = await watchAcross(edge.url, () => signToken(keys.trusted), threeStreams);
      expect(watched).toEqual({ cursors: [0n, 1n, 1n], versions: [1n] });
      expect(service.output()).toContain("watch user123 after 1");
    } finally {
      await edge.stop();
    }
  });

  feature("a call has 30 seconds, and a stream what its token has", async () => {
    const client = clientWith(envoy.url, [token]);
    expect(await firstOf(client, "getUser")).toBe("user123");
    expect(await firstOf(client, "watchUser")).toBe("user123");
    expect(service.output()).toContain("called /user.v1.UserService/GetUser, limit 30000\n");
    expect(service.output()).toContain("called /user.v1.UserService/WatchUser, limit none\n");
  });

  feature("while the issuer's keys cannot be had, calls are UNAVAILABLE", async () => {
    const down = await startJwksServer((response) => response.writeHead(503).end());
    const edge = await front({ jwksUri: down.jwksUri });
    try {
      const client = clientWith(edge.url, [token]);
      const call = () => codeOf(client.users.getUser({ userId: "user123" }));
      expect([await call(), client.fetched]).toEqual(["Unavailable", 1]);
      down.behave(json(jwksOf(keys.trusted)));
      await expect.poll(call, { timeout: 20_000 }).toBeUndefined();
      expect(client.fetched).toBe(1);
    } finally {
      await edge.stop();
      await down.close();
    }
  });

  feature("with TLS on both sides, HTTP/2 is spoken to browsers", async () => {
    const { ca, cert, key } = await loopbackCertificates();
    const folder = await mkdtemp(join(tmpdir(), "envoy-tls-"));
    const [certFile, keyFile, caFile] = await writeFiles(folder, { cert, key, ca });
    const secure = createServer({ cert, key }, (_, response) => {
      response.end(JSON.stringify(jwksOf(keys.trusted)));
    });
    const close = await listen(secure);
    const jwksUri = addressOf(secure).replace("http://127.0.0.1", "https://localhost");
    const tls = { certFile, keyFile, caFile };
    const edge = await front({ jwksUri: `${jwksUri}/jwks`, tls });
    try {
      const { users } = trustingClient(edge.url, "gRPC-Web over HTTP/2", ca);
      const headers = { authorization: `Bearer ${token}` };
      expect((await users.getUser({ userId: "user123" }, { headers })).id).toBe("user123");
      expect(await codeOf(users.getUser({ userId: "user123" }))).toBe("Unauthenticated");
    } finally {
      await edge.stop();
      await close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  feature(
    "the dashboard looks a user up, and watches",
    () =>
      runSpecs(["lookup/first-look"], { envoy: found.envoy.program, servicePort: service.port }),
    { timeoutMs: 180_000 },
  );

  async function callWith(edge: Envoy, authorization: string | undefined): Promise<unknown> {
    const headers = authorization === undefined ? {} : { authorization };
    return trustingClient(edge.url).users.getUser({ userId: "user123" }, { headers });
  }
});

async function writeFiles(
  folder: string,
  { cert, key, ca }: Record<"cert" | "key" | "ca", string>,
) {
  const files = ["tls.crt", "tls.key", "ca.crt"].map((name) => join(folder, name));
  await Promise.all(files.map((file, index) => writeFile(file, [cert, key, ca][index] ?? "")));
  const [certFile = "", keyFile = "", caFile = ""] = files;
  return [certFile, keyFile, caFile] as const;
}

import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, expect } from "vitest";
import { writeHeaders } from "../../scripts/headers/write-headers.ts";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { requestToken } from "../support/issuer-browser.ts";
import { createContainer } from "./containers/contained.ts";
import type { Container } from "./containers/contained.ts";
import { makeImageFolder } from "./containers/image-folder.ts";
import type { ImageFolder } from "./containers/image-folder.ts";
import { findParsers, readDeploy } from "./containers/report.ts";
import type { DeployReport } from "./containers/report.ts";
import { freePort } from "./support/child.ts";
import type { Child } from "./support/child.ts";
import { describePeer } from "./support/peer.ts";

await describePeer({ name: "Container files", find: findParsers }, (found, feature) => {
  let report: DeployReport;
  let image: ImageFolder;
  let container: Container;
  let backend: Child | undefined;
  let ports: { readonly issuer: number; readonly api: number };
  let token: string;

  beforeAll(async () => {
    report = await readDeploy(found);
    image = await makeImageFolder(report, resolve("."));
    ports = { issuer: await freePort(), api: await freePort() };
    container = await createContainer(image, "data", {
      ISSUER_PORT: String(ports.issuer),
      API_PORT: String(ports.api),
      SEED_USERS: "200",
    });
  });
  afterAll(async () => {
    await backend?.stop();
    await image?.remove();
  });

  async function expectAnswer(): Promise<void> {
    const baseUrl = `http://localhost:${ports.api}`;
    const users = createClient(UserService, createGrpcTransport({ baseUrl }));
    const headers = { authorization: `Bearer ${token}` };
    expect((await users.getUser({ userId: "user123" }, { headers })).name).toBe("Ada Lovelace");
  }

  feature("the Containerfile has no finding of `docker build --check`", () => {
    expect(report.containerfile.findings).toBeNull();
  });

  feature("its steps make a backend that runs as user 1000", async () => {
    expect(image.user).toBe("1000:1000");
    backend = await container.start();
    const { body } = await requestToken(`http://localhost:${ports.issuer}`, {
      grant_type: "client_credentials",
      client_id: "test-client",
      client_secret: "foobar",
      scope: "users.read",
    });
    token = String(body["access_token"]);
    await expectAnswer();
  });

  feature("nothing of the image but its data can be written", async () => {
    for (const place of [".", "src/backend", "node_modules", ".."]) {
      const exit = await container.run(["touch", `${place}/written`]);
      expect([place, exit.code]).toEqual([place, 1]);
    }
    const owner = process.getuid?.() === 0 ? 1000 : process.getuid?.();
    expect(statSync(`${image.root}/data/backend.sqlite`).uid).toBe(owner);
  });

  feature("only what the backend needs is in it", () => {
    const app = image.workingFolder;
    for (const folder of ["src/lib/browser", "src/dashboard", "tests", "node_modules/typescript"]) {
      expect(existsSync(`${app}/${folder}`)).toBe(false);
    }
  });

  feature("the health check is good while it runs, and the data outlives it", async () => {
    expect((await container.run(image.healthcheck)).code).toBe(0);
    await backend?.stop();
    expect((await container.run(image.healthcheck)).code).toBe(1);
    backend = await container.start();
    await expectAnswer();
  });

  feature("compose runs every service without privileges, on loopback", () => {
    const services = Object.entries(report.compose.services);
    expect(services.map(([name]) => name).toSorted()).toEqual(["backend", "envoy", "site"]);
    for (const [name, service] of services) {
      expect([name, service]).toEqual([
        name,
        expect.objectContaining({
          user: "1000:1000",
          read_only: true,
          network_mode: "host",
          cap_drop: ["ALL"],
          security_opt: ["no-new-privileges:true"],
          image: expect.stringMatching(/:(\w+-)?v?\d+\.\d+\.\d+/),
        }),
      ]);
      expect(service.ports).toBeUndefined();
    }
  });

  feature("every file that compose mounts is there after its two commands", async () => {
    const headers = { config: "deploy/config.json", target: "caddy" };
    await writeHeaders({ ...headers, site: "dist/site", out: "dist/headers/caddy" });
    const mounts = Object.values(report.compose.services).flatMap(({ volumes = [] }) => volumes);
    const bound = mounts.filter(({ type }) => type === "bind");
    expect(bound.length).toBeGreaterThan(4);
    for (const { source, read_only } of bound) {
      expect([source, existsSync(source), read_only]).toEqual([source, true, true]);
    }
  });
});

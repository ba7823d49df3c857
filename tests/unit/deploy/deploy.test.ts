import { readFileSync } from "node:fs";
import { getOption } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { cors } from "@connectrpc/connect";
import { method as rule } from "../../../src/gen/connectrpc_oauth/v1/method_pb.ts";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import { parseSiteConfig } from "../../../src/site/index.ts";
import { corsAllowedHeaders, corsExposedHeaders } from "../../../src/lib/server/index.ts";

const read = (file: string) => readFileSync(file, "utf8");
const json = (file: string): Record<string, Record<string, never>> => JSON.parse(read(file));

describe("deploy", () => {
  it("has the packages of the repository in the backend's image, in the same versions", () => {
    const locked = json("package-lock.json")["packages"];
    const dependencies = json("deploy/backend/package.json")["dependencies"] ?? {};
    const versions = Object.keys(dependencies).map((name) => [
      name,
      locked?.[`node_modules/${name}`]?.["version"],
    ]);
    expect(Object.fromEntries(versions)).toEqual(dependencies);
    const image = json("deploy/backend/package-lock.json")["packages"]?.[""];
    expect(image?.["dependencies"]).toEqual(dependencies);
  });

  it("has the repository's Node in the backend's image", () => {
    const node: unknown = json("package.json")["devDependencies"]?.["node"];
    expect(read("deploy/Containerfile")).toContain(`library/node:${String(node)}-bookworm-slim`);
  });

  it("runs the Envoy and the Caddy that the suites have tried", () => {
    const compose = read("deploy/compose.yaml");
    const [, envoy] = /version = "(.+)"/.exec(read("tests/interop/envoy/envoy.ts")) ?? [];
    const caddyModule = read("tests/interop/caddy-server/go.mod");
    const [, caddy] = /caddyserver\/caddy\/v2 v(\S+)/.exec(caddyModule) ?? [];
    expect(compose).toContain(`/envoy:distroless-v${envoy}`);
    expect(compose).toContain(`/caddy:${caddy}-alpine`);
  });

  it("has Envoy allow and expose what our own server does", () => {
    const envoy = read("deploy/envoy.yaml");
    const listOf = (name: string) =>
      (new RegExp(`${name}: (.*)`).exec(envoy)?.[1] ?? "").split(", ").toSorted();
    const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase()).toSorted();
    expect(listOf("allow_headers")).toEqual(lower(corsAllowedHeaders));
    expect(listOf("expose_headers")).toEqual(lower(corsExposedHeaders));
    expect(listOf("allow_methods")).toEqual([...cors.allowedMethods].toSorted());
  });

  it("has Envoy ask of each method what the contract asks, and name what is missing", () => {
    const envoy = read("deploy/envoy.yaml");
    const [, reading = "", contact = ""] = envoy.split(/^ {26}users\.(?:read|contact):$/m);
    const policies = { "users.read": reading, "users.contact": contact.split("http.router")[0] };
    for (const [scope, policy] of Object.entries(policies)) {
      const allowed = [...(policy ?? "").matchAll(/exact: \/user\.v1\.UserService\/(\w+)/g)];
      const methods = UserService.methods.filter((method) =>
        getOption(method, rule).scopes.includes(scope),
      );
      expect(allowed.map(([, name]) => name)).toEqual(methods.map(({ name }) => name));
    }
    const named = /url_path\.matches\('\/\(([\w|]+)\)\$'\)/.exec(envoy)?.[1];
    for (const name of named?.split("|") ?? []) expect(reading).toContain(`/${name} }`);
    expect(named?.split("|")).toHaveLength(4);
  });

  it("has a configuration of the site that goes with envoy.yaml", () => {
    const config = parseSiteConfig(json("deploy/config.json"));
    const envoy = read("deploy/envoy.yaml");
    expect(new URL(config.apiBaseUrl).host).toBe("localhost:8081");
    expect(envoy).toContain("port_value: 8081 # EDIT listen-port");
    expect(envoy).toContain(`issuer: ${config.issuer} # EDIT issuer`);
    expect(envoy).toContain(`- ${config.resource} # EDIT audience`);
  });

  it("explains every mark that a team edits", () => {
    const readme = read("deploy/README.md");
    const files = ["envoy.yaml", "nginx/nginx.conf", "nginx/api.conf"];
    const marks = files.flatMap((file) => [
      ...read(`deploy/${file}`).matchAll(/# EDIT ([\w-]+)$/gm),
    ]);
    expect(marks.length).toBeGreaterThan(10);
    for (const [, mark] of marks) expect(readme).toContain(`\`${mark}\``);
  });
});

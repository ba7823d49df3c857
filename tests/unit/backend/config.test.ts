import { describe, expect, it } from "vitest";
import { parseBackendConfig } from "../../../src/backend/config.ts";

describe("the backend's configuration", () => {
  it("has the documented defaults", () => {
    expect(parseBackendConfig({})).toEqual({
      host: "localhost",
      issuerPort: 8080,
      apiPort: 50051,
      dashboardUrl: "http://localhost:5173",
      databaseFile: ".data/backend.sqlite",
      dataDir: ".data",
      seedUsers: 10_000,
      demo: true,
    });
  });

  it("takes what is set, and an empty value for none", () => {
    const config = parseBackendConfig({
      HOST: "127.0.0.1",
      ISSUER_PORT: "1",
      API_PORT: "0",
      DASHBOARD_PORT: " 3 ",
      DATABASE_URL: "sqlite:/var/lib/users.sqlite",
      DATA_DIR: "/var/lib",
      SEED_USERS: "0",
      ACCESS_TOKEN_TTL: "4",
      ISSUER_URL: "",
    });
    expect(config).toEqual({
      host: "127.0.0.1",
      issuerPort: 1,
      apiPort: 0,
      dashboardUrl: "http://localhost:3",
      databaseFile: "/var/lib/users.sqlite",
      dataDir: "/var/lib",
      seedUsers: 0,
      accessTokenTtlSeconds: 4,
      demo: true,
    });
  });

  it.each([
    ["users.sqlite", "users.sqlite"],
    ["file:users.sqlite", "users.sqlite"],
    ["sqlite:///a/b.sqlite", "/a/b.sqlite"],
    ["file:///a/b.sqlite", "/a/b.sqlite"],
  ])("reads DATABASE_URL %s as a file", (value, file) => {
    expect(parseBackendConfig({ DATABASE_URL: value }).databaseFile).toBe(file);
  });

  it("has demo accounts only when both HOST and ISSUER_URL are loopback", () => {
    const issuer = { ISSUER_URL: "https://login.example.com" };
    expect(parseBackendConfig({ HOST: "::1" }).demo).toBe(true);
    expect(parseBackendConfig({ HOST: "0.0.0.0", ...issuer }).demo).toBe(false);
    expect(parseBackendConfig({ ...issuer }).demo).toBe(false);
    expect(parseBackendConfig(issuer).dashboardUrl).toBe("https://login.example.com:5173");
  });

  it.each([
    [{ ISSUER_PORT: "http" }, /^ISSUER_PORT is "http"\. Set it to a whole number from 0 to 65535/],
    [{ API_PORT: "65536" }, /^API_PORT is "65536"/],
    [{ DASHBOARD_PORT: "-1" }, /^DASHBOARD_PORT is "-1"/],
    [{ SEED_USERS: "1e3" }, /^SEED_USERS is "1e3"/],
    [{ ACCESS_TOKEN_TTL: "0" }, /^ACCESS_TOKEN_TTL is "0"\. Set it to a whole number from 1/],
    [{ ISSUER_URL: "localhost:8080" }, /^ISSUER_URL is no address/],
    [{ ISSUER_URL: "http://localhost/path" }, /^ISSUER_URL has more than/],
    [{ ISSUER_URL: "http://login.example.com" }, /^ISSUER_URL is neither https/],
    [{ HOST: "0.0.0.0" }, /^ISSUER_URL is not set, but HOST is 0\.0\.0\.0/],
    [{ DATABASE_URL: "mysql://x" }, /^DATABASE_URL has the scheme "mysql"/],
  ])("says what is wrong with %j", (env, message) => {
    expect(() => parseBackendConfig(env)).toThrow(message);
  });

  it("refuses PostgreSQL in words, and does not repeat the password", () => {
    const env = { DATABASE_URL: "postgres://user:secret@db/users" };
    expect(() => parseBackendConfig(env)).toThrow(/^DATABASE_URL asks for PostgreSQL/);
    expect(() => parseBackendConfig(env)).not.toThrow(/secret/);
  });

  it("names all mistakes at once", () => {
    expect(() => parseBackendConfig({ API_PORT: "x", SEED_USERS: "y" })).toThrow(
      /^API_PORT .*\nSEED_USERS /,
    );
  });
});

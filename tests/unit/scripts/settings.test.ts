import { describe, expect, test } from "vitest";
import { readSettings, readyLine } from "../../../scripts/start/settings.ts";

describe("the settings of npm start", () => {
  test("are the fixed addresses when the environment says nothing", () => {
    const settings = readSettings({}, []);
    expect(settings).toMatchObject({
      hosts: ["127.0.0.1", "::1"],
      dashboardPort: 5173,
      dashboardUrl: "http://localhost:5173",
      config: {
        issuer: "http://localhost:8080",
        apiBaseUrl: "http://localhost:50051",
        clientId: "user-lookup",
        demo: true,
      },
    });
    expect(readyLine(settings)).toMatch(
      /^ready {2}.*:5173.*:8080.*:50051.*support, supervisor or guest/,
    );
  });

  test("follow the environment, in which an empty variable says nothing", () => {
    const settings = readSettings(
      { HOST: "", ISSUER_PORT: "9001", API_PORT: "9002", DASHBOARD_PORT: "9003" },
      [],
    );
    expect(settings.dashboardPort).toBe(9003);
    expect(settings.config.issuer).toBe("http://localhost:9001");
    expect(settings.config.apiBaseUrl).toBe("http://localhost:9002");
  });

  test("have addresses of their own with --tls, and tell which authority to trust", () => {
    const settings = readSettings({ DATA_DIR: "kept" }, ["--tls"]);
    expect(settings).toMatchObject({
      tls: true,
      dataDir: "kept",
      issuerPort: 9445,
      apiPort: 9090,
      dashboardUrl: "https://localhost:5173",
      config: {
        issuer: "https://localhost:9445",
        apiBaseUrl: "https://localhost:9090",
        demo: true,
      },
    });
    expect(readyLine(settings, "kept/tls/ca.pem")).toContain("CA kept/tls/ca.pem");
    expect(() => readSettings({ ISSUER_URL: "http://localhost:9445" }, ["--tls"])).toThrow(
      "write https",
    );
  });

  test("name the demo accounts on this machine only", () => {
    const settings = readSettings({ HOST: "0.0.0.0", ISSUER_URL: "https://id.example.com/" }, []);
    expect(settings).toMatchObject({
      hosts: ["0.0.0.0"],
      dashboardUrl: "https://id.example.com:5173",
      config: {
        demo: false,
        issuer: "https://id.example.com",
        apiBaseUrl: "https://id.example.com:50051",
      },
    });
    expect(readyLine(settings)).not.toContain("support");
    expect(readSettings({ ISSUER_URL: "https://id.example.com" }, []).config.demo).toBe(false);
    expect(readSettings({ HOST: "127.0.0.1" }, []).config.demo).toBe(true);
  });

  test.each([
    [{ DASHBOARD_PORT: "http" }, 'DASHBOARD_PORT is "http"; write a port from 1 to 65535.'],
    [{ API_PORT: "0" }, 'API_PORT is "0"'],
    [{ ISSUER_PORT: "65536" }, 'ISSUER_PORT is "65536"'],
    [{ ISSUER_URL: "id.example.com" }, "ISSUER_URL is no address"],
    [{ ISSUER_URL: "http://id.example.com" }, "ISSUER_URL does not fit"],
  ])("refuse %j by name", (env, message) => {
    expect(() => readSettings(env, [])).toThrow(message);
  });

  test("refuse an option that does not exist", () => {
    expect(() => readSettings({}, ["--fast"])).toThrow("There is no option --fast");
  });
});

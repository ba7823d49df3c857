import { expect, test } from "vitest";
import { ConfigurationError, parseBackendConfig } from "../../../src/backend/config.ts";

test("two PEM files make issuer, API and dashboard https", () => {
  const config = parseBackendConfig({ TLS_CERT_FILE: "cert.pem", TLS_KEY_FILE: "key.pem" });
  expect(config.tls).toEqual({ certFile: "cert.pem", keyFile: "key.pem" });
  expect(config.dashboardUrl).toBe("https://localhost:5173");
  expect(parseBackendConfig({ TLS_CERT_FILE: " " }).tls).toBeUndefined();
});

test.each([
  ["TLS_CERT_FILE", "TLS_KEY_FILE"],
  ["TLS_KEY_FILE", "TLS_CERT_FILE"],
])("%s alone is a mistake that names %s", (given, missing) => {
  const parse = () => parseBackendConfig({ [given]: "file.pem" });
  expect(parse).toThrow(ConfigurationError);
  expect(parse).toThrow(new RegExp(`^${missing} is not set, but ${given} is`));
});

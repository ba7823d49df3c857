import { expect, it } from "vitest";
import {
  corsAllowedHeaders,
  corsAllowedMethods,
  corsExposedHeaders,
} from "../../../../src/lib/server/index.ts";

it("lets browsers send what a call with a token has", () => {
  const names = corsAllowedHeaders.map((name) => name.toLowerCase());
  const needed = "authorization content-type x-grpc-web x-user-agent grpc-timeout x-request-id";
  expect(names).toEqual(expect.arrayContaining(needed.split(" ")));
  expect(names).toContain("connect-protocol-version");
  expect(corsAllowedMethods).toEqual(["POST", "GET"]);
});

it("lets browsers see why a call was refused", () => {
  const names = corsExposedHeaders.map((name) => name.toLowerCase());
  const needed = "grpc-status grpc-message grpc-status-details-bin www-authenticate retry-after";
  expect(names).toEqual(expect.arrayContaining([...needed.split(" "), "x-request-id"]));
});

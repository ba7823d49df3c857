import { afterAll, beforeAll, expect } from "vitest";
import { findKeycloak, startKeycloak, type Keycloak } from "./keycloak/server.ts";
import { describePeer } from "./support/peer.ts";

await describePeer({ name: "Keycloak", find: findKeycloak }, (found, feature) => {
  let keycloak: Keycloak;
  beforeAll(async () => {
    keycloak = await startKeycloak(found, "http://localhost:5173");
  });
  afterAll(async () => {
    await keycloak.stop();
  });

  feature("discovery: the issuer's name is the address it is read from", async () => {
    const response = await fetch(`${keycloak.issuer}/.well-known/openid-configuration`);
    const metadata = (await response.json()) as { readonly issuer: string };
    expect(metadata.issuer).toBe(keycloak.issuer);
  });
});

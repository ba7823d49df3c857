import { afterAll, beforeAll } from "vitest";
import { dashboardFeatures } from "./keycloak/dashboard-features.ts";
import { doctorFeatures } from "./keycloak/doctor-features.ts";
import { issuerFeatures } from "./keycloak/issuer-features.ts";
import { findKeycloak } from "./keycloak/server.ts";
import { serviceFeatures } from "./keycloak/service-features.ts";
import { startStand } from "./keycloak/stand.ts";
import type { Stand } from "./keycloak/stand.ts";
import { describePeer } from "./support/peer.ts";

await describePeer({ name: "Keycloak", find: findKeycloak }, (found, feature) => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await startStand(found);
  });
  afterAll(async () => {
    await stand.close();
  });

  issuerFeatures(() => stand, feature);
  dashboardFeatures(() => stand, feature);
  serviceFeatures(() => stand, feature);
  doctorFeatures(() => stand, feature);
});

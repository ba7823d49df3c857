/**
 * `node tests/interop/keycloak/record.ts`: writes header and claims of tokens of
 * a running Keycloak as fixtures of the token profile: all three of a person,
 * and the access token of a service. No signature is kept.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clientCredentials } from "../../../src/lib/grants/index.ts";
import { decodeToken } from "../support/decoded-token.ts";
import { createPerson } from "./authorization.ts";
import { findKeycloak, startKeycloak } from "./server.ts";

const siteOrigin = "http://localhost:5173";
const found = await findKeycloak();
if ("missing" in found) throw new Error(found.missing);
const keycloak = await startKeycloak(found, siteOrigin);
try {
  const { body } = await createPerson(keycloak, siteOrigin, "support").signIn();
  await write("keycloak", String(body["access_token"]));
  await write("keycloak-id", String(body["id_token"]));
  await write("keycloak-refresh", String(body["refresh_token"]));
  const client = { clientId: "test-client", clientSecret: "foobar", scopes: ["users.read"] };
  const service = clientCredentials({ issuer: keycloak.issuer, ...client });
  const { accessToken } = await service({ signal: AbortSignal.timeout(20_000) });
  await write("keycloak-service", accessToken.value);
} finally {
  await keycloak.stop();
}

async function write(name: string, token: string): Promise<void> {
  const file = join(import.meta.dirname, "../../unit/lib/server/fixtures", `${name}.json`);
  await writeFile(file, `${JSON.stringify(decodeToken(token), undefined, 2)}\n`);
}

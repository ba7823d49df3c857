/**
 * `node tests/interop/fosite/record.ts`: prints header and claims of an access
 * token of fosite, for `tests/unit/lib/server/fixtures/fosite.json`.
 */
import { clientCredentials } from "../../../src/lib/grants/index.ts";
import { decodeToken } from "../support/decoded-token.ts";
import { findFosite, startFosite } from "./programs.ts";
import { exchange } from "./requests.ts";

const found = await findFosite();
if ("missing" in found) throw new Error(found.missing);
const fosite = await startFosite(found.grants);
try {
  const client = { issuer: fosite.url, clientId: "test-client", clientSecret: "foobar" };
  const { accessToken } = await exchange(clientCredentials({ ...client, scopes: ["users.read"] }));
  console.log(JSON.stringify(decodeToken(accessToken.value), undefined, 2));
} finally {
  await fosite.stop();
}

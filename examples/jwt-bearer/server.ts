// HelloWorld behind the token gate: `hello` needs the scope "admin". In a project
// of your own the imports are "connectrpc-oauth/server" and ".../node".
import { readFile } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { trust } from "../../src/lib/node/index.ts";
import { createTokenGate } from "../../src/lib/server/index.ts";
import { HelloWorld } from "./gen/grpc_client_pb.ts";
import { caFile, dataDir, helloUrl, tokenUrl } from "./settings.ts";

const gate = createTokenGate({
  issuers: [{ issuer: new URL(tokenUrl).origin }],
  audience: "urn:user-lookup:users",
  services: [HelloWorld],
  rules: { "HelloWorld/hello": { scopes: ["admin"] } },
  fetch: trust({ ca: await readFile(caFile) }).fetch,
});
const handler = connectNodeAdapter({
  routes: (router) =>
    void router.service(HelloWorld, { hello: () => ({ value: "Hello, World!" }) }),
  ...gate,
});
const server = createSecureServer(
  {
    cert: await readFile(`${dataDir}/tls/server.pem`),
    key: await readFile(`${dataDir}/tls/server-key.pem`),
    allowHTTP1: true,
  },
  handler,
);
server.listen(Number(new URL(helloUrl).port), "localhost", () => {
  console.log(`HelloWorld is ready at ${helloUrl}`);
});

// Calls HelloWorld.hello with a token by the JWT-bearer grant. In a project of
// your own the imports are "connectrpc-oauth", ".../grants" and ".../node".
import { readFile } from "node:fs/promises";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createAuthInterceptor, createTokenSource } from "../../src/lib/core/index.ts";
import { jwtBearer } from "../../src/lib/grants/index.ts";
import { trust } from "../../src/lib/node/index.ts";
import { HelloWorld } from "./gen/grpc_client_pb.ts";
import { clientId, clientSecret, createAssertion } from "./service-client.ts";
import { caFile, helloUrl, tokenUrl } from "./settings.ts";

const issuerTrust = trust({ ca: await readFile(caFile) });
const channelTrust = trust({ ca: await readFile(caFile) });

const tokenSource = createTokenSource(
  jwtBearer({
    tokenUrl,
    assertion: createAssertion,
    clientId,
    clientSecret,
    scopes: ["admin"],
    fetch: issuerTrust.fetch,
  }),
);
const transport = createGrpcTransport({
  baseUrl: helloUrl,
  nodeOptions: channelTrust.nodeOptions,
  interceptors: [
    createAuthInterceptor({ tokenSource, origins: [helloUrl] }),
    channelTrust.interceptor,
  ],
  // The program ends when nothing is left to do.
  idleConnectionTimeoutMs: 100,
});

const { value } = await createClient(HelloWorld, transport).hello({});
console.log(value);

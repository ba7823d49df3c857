// A program on Node that has only the package: a token endpoint, a server, and
// a client whose calls carry the tokens of that endpoint.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport } from "@connectrpc/connect-node";
import { createAuthInterceptor, createTokenSource } from "connectrpc-oauth";
import { refreshToken } from "connectrpc-oauth/grants";
import * as nodeRoom from "connectrpc-oauth/node";
import * as serverRoom from "connectrpc-oauth/server";
import { UserService } from "./gen/user/v1/user_service_pb.ts";

let issued = 0;
const issuer = await listen((_request, response) => {
  issued += 1;
  response.setHeader("content-type", "application/json");
  const token = { access_token: `token-${issued}`, token_type: "bearer", expires_in: 300 };
  response.end(JSON.stringify(token));
});

// Refuses the first token, so that a call needs the library to recover.
const api = await listen(
  connectNodeAdapter({
    routes: (router) =>
      router.service(UserService, {
        getUser(request, context) {
          const authorization = context.requestHeader.get("authorization");
          if (authorization !== "Bearer token-2") {
            throw new ConnectError("token refused", Code.Unauthenticated);
          }
          return { id: request.userId, name: "Ada Lovelace" };
        },
      }),
  }),
);

const tokenSource = createTokenSource(
  refreshToken({
    tokenUrl: `${issuer.origin}/token`,
    clientId: "package-proof",
    refreshToken: "not-a-real-one",
  }),
);
const users = createClient(
  UserService,
  createConnectTransport({
    baseUrl: api.origin,
    httpVersion: "1.1",
    interceptors: [createAuthInterceptor({ tokenSource, origins: [api.origin] })],
  }),
);
const user = await users.getUser({ userId: "user123" });
console.log(`${user.id}, ${user.name}, ${issued} tokens`);
console.log(typeof serverRoom.createTokenGate, typeof nodeRoom);
issuer.server.close();
api.server.close();

async function listen(handler: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { server, origin: `http://127.0.0.1:${port}` };
}

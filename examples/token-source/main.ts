// Looks a user up with a token source that refreshes before a call. In a project
// of your own the imports are "connectrpc-oauth", ".../grants" and ".../node".
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createAuthInterceptor, createTokenSource } from "../../src/lib/core/index.ts";
import { refreshToken } from "../../src/lib/grants/index.ts";
import { openTokenFile } from "../../src/lib/node/index.ts";

const { env } = process;
const tokenUrl = env["TOKEN_URL"] ?? "http://localhost:8080/token";
const apiUrl = env["API_URL"] ?? "http://localhost:50051";
// The file that `user-lookup login --refresh-token-file refresh-token` writes.
const tokenFile = openTokenFile(env["REFRESH_TOKEN_FILE"] ?? "refresh-token");

const tokenSource = createTokenSource(
  tokenFile.grant((current, onRotated) =>
    refreshToken({
      tokenUrl,
      clientId: "user-lookup-cli",
      scopes: ["users.read"],
      refreshToken: current,
      onRotated,
    }),
  ),
);
const transport = createGrpcTransport({
  baseUrl: apiUrl,
  interceptors: [createAuthInterceptor({ tokenSource, origins: [apiUrl] })],
  // The program ends when nothing is left to do.
  idleConnectionTimeoutMs: 100,
});

const user = await createClient(UserService, transport).getUser({ userId: "user123" });
console.log(`User: ${user.id}, Name: ${user.name}`);

// A page that has only the package: it must build without a trace of Node.
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { AuthError, createAuthInterceptor } from "connectrpc-oauth";
import { createBrowserSession } from "connectrpc-oauth/browser";
import { SessionProvider, useSession } from "connectrpc-oauth/react";
import { createRoot } from "react-dom/client";
import { UserService } from "./gen/user/v1/user_service_pb";

const baseUrl = "https://api.example.com";
const session = createBrowserSession({
  issuer: "https://login.example.com",
  clientId: "package-proof",
  redirectUri: `${location.origin}/callback`,
  scopes: ["openid", "users.read"],
});
const interceptors = [createAuthInterceptor({ tokenSource: session, origins: [baseUrl] })];
const users = createClient(UserService, createGrpcWebTransport({ baseUrl, interceptors }));

async function show(): Promise<void> {
  try {
    document.title = (await users.getUser({ userId: "user123" })).name;
  } catch (error) {
    document.title = AuthError.from(error).code;
  }
}

function Status() {
  useSession();
  return <button onClick={() => void show()}>Look up</button>;
}

createRoot(document.body).render(
  <SessionProvider session={session}>
    <Status />
  </SessionProvider>,
);

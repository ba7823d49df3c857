import { User, UserManager } from "oidc-client-ts";
import { createBrowserSession } from "../../../src/lib/browser/index.ts";
import type { Store } from "../../../src/lib/core/index.ts";

/** Who is asked for the token. */
export type Asked = "session" | "manager";

declare global {
  interface Window {
    /** Resolves when both are signed in. */
    prepare(): Promise<void>;
    /** Asks for a fresh token so many times, one after the other. */
    ask(whom: Asked, times: number): Promise<void>;
  }
}

const issuer = "https://issuer.example";
const clientId = "bench";
const redirectUri = `${location.origin}/callback`;
// As long as a JWT with the claims of a person is.
const token = "x".repeat(900);
const lifetimeMs = 3_600_000;

const manager = new UserManager({
  authority: issuer,
  client_id: clientId,
  redirect_uri: redirectUri,
  automaticSilentRenew: false,
});
const session = createBrowserSession({
  issuer,
  clientId,
  redirectUri,
  scopes: ["users.read"],
  ports: { store: createSignedInStore() },
});

window.prepare = async () => {
  await session.ready();
  await manager.storeUser(createUser());
  const [ours, theirs] = [await session.getToken(), await manager.getUser()];
  if (ours.value !== token || theirs?.access_token !== token) throw new Error("Nobody signed in.");
};

window.ask = async (whom, times) => {
  if (whom === "session") for (let n = 0; n < times; n++) await session.getToken();
  else for (let n = 0; n < times; n++) await manager.getUser();
};

function createSignedInStore(): Store {
  const now = Date.now();
  const access = {
    value: token,
    type: "Bearer",
    expiresAt: now + lifetimeMs,
    scopes: ["users.read"],
    obtainedAt: now,
  };
  const record = {
    schema: 1,
    session: "bench",
    subject: "ada",
    refreshToken: "refresh",
    tokens: { "": access },
  };
  return {
    read: () => Promise.resolve({ revision: "1", value: JSON.stringify(record) }),
    replace: () => Promise.resolve("2"),
  };
}

function createUser(): User {
  const seconds = Math.floor(Date.now() / 1000);
  return new User({
    access_token: token,
    refresh_token: "refresh",
    id_token: token,
    token_type: "Bearer",
    scope: "openid users.read",
    expires_at: seconds + lifetimeMs / 1000,
    profile: { sub: "ada", iss: issuer, aud: clientId, iat: seconds, exp: seconds + 3_600 },
  });
}

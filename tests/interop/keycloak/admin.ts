import type { Keycloak } from "./server.ts";

/** What an administrator does in Keycloak's console. */
export interface Admin {
  /** Ends every session of a person: "Sign out" on the page of the user. */
  endSessions(username: string): Promise<void>;
  /** How many sessions a person has. */
  countSessions(username: string): Promise<number>;
  /** Adds a signing key that is used from now on; the old one stays published. */
  rotateSigningKey(): Promise<void>;
}

/** Signs in as the administrator that Keycloak was started with. */
export async function createAdmin(keycloak: Keycloak): Promise<Admin> {
  const users = `${keycloak.url}/admin/realms/user-lookup/users`;
  const idOf = async (username: string): Promise<string> => {
    const found = await ask(keycloak, `${users}?exact=true&username=${username}`);
    const [user] = found as readonly { readonly id: string }[];
    if (user === undefined) throw new Error(`Keycloak knows no ${username}.`);
    return user.id;
  };
  return {
    async endSessions(username) {
      await ask(keycloak, `${users}/${await idOf(username)}/logout`, {});
    },
    async countSessions(username) {
      const sessions = await ask(keycloak, `${users}/${await idOf(username)}/sessions`);
      return (sessions as readonly unknown[]).length;
    },
    async rotateSigningKey() {
      await ask(keycloak, `${keycloak.url}/admin/realms/user-lookup/components`, {
        name: "newer",
        providerId: "rsa-generated",
        providerType: "org.keycloak.keys.KeyProvider",
        config: { priority: ["200"], algorithm: ["RS256"] },
      });
    },
  };
}

/** GET without a body, else POST. */
async function ask(keycloak: Keycloak, url: string, body?: object): Promise<unknown> {
  const authorization = `Bearer ${await adminToken(keycloak)}`;
  const post = { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(url, {
    ...(body !== undefined && post),
    headers: { authorization, "content-type": "application/json" },
  });
  if (!response.ok) throw new Error(`Keycloak's administration answered ${response.status}.`);
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

async function adminToken(keycloak: Keycloak): Promise<string> {
  const response = await fetch(`${keycloak.url}/realms/master/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "password",
      client_id: "admin-cli",
      username: "admin",
      password: "admin",
    }),
  });
  const { access_token: token } = (await response.json()) as { readonly access_token?: string };
  if (token === undefined) throw new Error("Keycloak does not let its administrator in.");
  return token;
}

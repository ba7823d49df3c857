import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import { AuthError } from "../../../src/lib/core/index.ts";
import type { Grant, TokenResponse } from "../../../src/lib/core/index.ts";
import { createTokenGate } from "../../../src/lib/server/index.ts";
import type { TokenGate } from "../../../src/lib/server/index.ts";

/** The name of the API in `aud`. */
export const api = "urn:user-lookup:users";

/** The command of the how-to, by curl. */
export async function askWithCurl(issuer: string): Promise<Readonly<Record<string, unknown>>> {
  const form = ["grant_type=client_credentials", "client_id=test-client", "client_secret=foobar"];
  const args = ["-s", `${issuer}/token`, ...form.flatMap((pair) => ["-d", pair])];
  const { stdout } = await promisify(execFile)("curl", args);
  return JSON.parse(stdout);
}

/** A gate for the API that trusts `issuer` with the profile of fosite. */
export function gateFor(issuer: string, ...otherAudiences: string[]): TokenGate {
  return createTokenGate({
    issuers: [{ issuer, jwksUri: `${issuer}/jwks`, profile: "fosite" }],
    audience: [api, ...otherAudiences],
    services: [UserService],
  });
}

/** One exchange, in ten seconds at most. */
export function exchange(grant: Grant): Promise<TokenResponse> {
  return grant({ signal: AbortSignal.timeout(10_000) });
}

/** Why an exchange fails; rejects when it does not. */
export async function failure(grant: Grant): Promise<AuthError> {
  return exchange(grant).then(
    () => {
      throw new Error("It was answered with a token.");
    },
    (reason: unknown) => AuthError.from(reason),
  );
}

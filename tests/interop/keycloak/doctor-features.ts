import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { command } from "../../../scripts/test/command.ts";
import type { Exit } from "../../../scripts/test/command.ts";
import type { Feature } from "../support/peer.ts";
import type { Stand } from "./stand.ts";

/** What `user-lookup doctor` says of a deployment with Keycloak. */
export function doctorFeatures(stand: () => Stand, feature: Feature): void {
  const doctor = (...args: readonly string[]): Promise<Exit> => {
    const program = [process.execPath, "--disable-warning=ExperimentalWarning", "src/cli/main.ts"];
    const client = ["--client-id", "test-client", "--scope", "users.read"];
    const argv = [...program, "doctor", "--site", stand().siteOrigin, ...client, ...args];
    return command(["env", "USER_LOOKUP_CLIENT_SECRET=foobar", ...argv]);
  };
  /** The codes of what is found when config.json says `changes`. */
  const findings = async (changes: object): Promise<readonly string[]> => {
    const folder = await mkdtemp(join(tmpdir(), "doctor-"));
    const file = join(folder, "config.json");
    await writeFile(file, JSON.stringify({ ...stand().config, ...changes }));
    const { output } = await doctor("--config", file, "--json");
    await rm(folder, { recursive: true });
    return output
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => (JSON.parse(line) as { readonly code: string }).code);
  };

  feature("`user-lookup doctor` finds nothing wrong with the deployment", async () => {
    const { code, output } = await doctor();
    expect(output).toContain("Nothing is wrong.");
    expect(code).toBe(0);
  });

  feature("the doctor knows a client that Keycloak does not know", async () => {
    expect(await findings({ clientId: "nobody" })).toContain("client-unknown");
  });

  feature("the doctor knows a callback that is not among the client's", async () => {
    expect(await findings({ clientId: "another-app" })).toContain("redirect-uri-refused");
  });

  feature("the doctor knows a client without web origins", async () => {
    expect(await findings({ clientId: "another-app" })).toContain("issuer-cors-token");
  });

  feature("the doctor knows a scope that the client does not have", async () => {
    const scopes = [...stand().config.scopes, "offline_access"];
    expect(await findings({ scopes })).toContain("scope-refused");
  });

  feature("the doctor knows a realm that is missing from the address", async () => {
    expect(await findings({ issuer: stand().keycloak.url })).toContain("discovery-unreachable");
  });
}

import type { Client } from "./client.ts";
import { auth0 } from "./clients/auth0.ts";
import { ours } from "./clients/ours.ts";
import { reactive } from "./clients/reactive.ts";
import { userManager } from "./clients/user-manager.ts";

/** What is compared; this library first. */
export const clients: readonly Client[] = [
  ours,
  auth0,
  userManager("automaticSilentRenew", "localStorage"),
  userManager("automaticSilentRenew", "sessionStorage"),
  userManager("signinSilent per 401", "localStorage"),
  userManager("signinSilent per 401", "sessionStorage"),
  reactive,
];

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Interaction, Provider } from "oidc-provider";
import { errors } from "oidc-provider";
import type { Accounts } from "./accounts.ts";
import { consentPage } from "./pages/consent-page.ts";
import { loginPage } from "./pages/login-page.ts";
import { messagePage } from "./pages/page.ts";
import { passwordAcr } from "./provider-configuration.ts";
import { comesFrom, readBody, RefusedRequest, sendHtml } from "./respond.ts";

/** One request to a page on which a person signs in or consents. */
interface Visit {
  readonly provider: Provider;
  readonly accounts: Accounts;
  readonly interaction: Interaction;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** What the pages need. */
export interface InteractionSettings {
  readonly provider: Provider;
  readonly accounts: Accounts;
  /** The issuer's own origin: forms are accepted from its pages only. */
  readonly origin: string;
  readonly dashboardUrl: string;
}

/**
 * Serves `/interaction/{uid}`: the sign-in and the consent page, and what their forms send. Only the browser that began
 * the request can go on with it, because its signed cookie names the interaction.
 */
export async function handleInteraction(
  settings: InteractionSettings,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { provider, accounts } = settings;
  const interaction = await findInteraction(provider, req, res);
  const [path] = (req.url ?? "").split("?");
  if (interaction === undefined || path !== `/interaction/${interaction.uid}`) {
    sendExpired(res, settings.dashboardUrl);
    return;
  }
  const visit = { provider, accounts, interaction, req, res };
  if (req.method === "POST") {
    if (!comesFrom(req, [settings.origin]))
      throw new RefusedRequest(403, "The form came from another site.");
    await handleForm(visit);
  } else {
    await showPage(visit);
  }
}

async function findInteraction(provider: Provider, req: IncomingMessage, res: ServerResponse) {
  try {
    return await provider.interactionDetails(req, res);
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

function sendExpired(res: ServerResponse, dashboardUrl: string): void {
  const text = "It was open for too long, or was used already. Start again from User Lookup.";
  sendHtml(res, 400, messagePage("This sign-in page has expired", text, dashboardUrl));
}

async function handleForm(visit: Visit): Promise<void> {
  const form = new URLSearchParams(await readBody(visit.req));
  const { provider, interaction, req, res } = visit;
  if (form.has("cancel")) {
    const denied = {
      error: "access_denied",
      error_description: "The person cancelled the sign-in.",
    };
    await provider.interactionFinished(req, res, denied);
  } else if (interaction.prompt.name === "consent") {
    await provider.interactionFinished(req, res, { consent: {} });
  } else {
    await signIn(visit, form.get("name") ?? "", form.get("password") ?? "");
  }
}

async function signIn(visit: Visit, name: string, password: string): Promise<void> {
  const { provider, accounts, req, res } = visit;
  const account = accounts.authenticate(name.trim(), password);
  if (account === undefined) {
    showLogin(visit, name, "The name or the password is not right. Check both and try again.");
    return;
  }
  const login = { accountId: account.id, acr: passwordAcr, amr: ["pwd"], remember: true };
  await provider.interactionFinished(req, res, { login });
}

async function showPage(visit: Visit): Promise<void> {
  const { provider, interaction, res } = visit;
  const { params, session, prompt } = interaction;
  if (prompt.name === "consent") {
    const client = await provider.Client.find(String(params["client_id"]));
    const view = {
      action: `/interaction/${interaction.uid}`,
      clientName: client?.clientName ?? "the application",
      accountName: session?.accountId ?? "",
    };
    sendHtml(res, 200, consentPage(view), formTargets(interaction));
    return;
  }
  const hint = params["login_hint"];
  showLogin(visit, session?.accountId ?? (typeof hint === "string" ? hint : ""));
}

function showLogin(visit: Visit, name: string, problem?: string): void {
  const { accounts, interaction, res } = visit;
  const isSignedIn = interaction.session?.accountId !== undefined;
  const markup = loginPage({
    action: `/interaction/${interaction.uid}`,
    name,
    demoAccounts: accounts.demo,
    ...(isSignedIn && { notice: "Please confirm that it is you. Your place is kept." }),
    ...(problem !== undefined && { problem }),
  });
  sendHtml(res, problem === undefined ? 200 : 400, markup, formTargets(interaction));
}

/** The redirect URI has been checked against the client's registration before the interaction began. */
function formTargets({ params }: Interaction): string[] {
  const uri = params["redirect_uri"];
  return typeof uri === "string" ? [new URL(uri).origin] : [];
}

import { createBrowserSession } from "../../../src/lib/browser/index.ts";
import type { BrowserSession } from "../../../src/lib/browser/index.ts";
import { createFakePage } from "../../support/browser/fake-page.ts";

const redirectUri = "http://localhost/callback";

/** What was sent to the issuer's token endpoint, and what it answered. */
export interface TokenExchange {
  readonly sent: URLSearchParams;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** A person who has signed in, and everything that was exchanged for them. */
export interface SignedInPerson {
  readonly session: BrowserSession;
  readonly exchanges: readonly TokenExchange[];
}

/** Signs in at an issuer that shows no page, with our session and a page that is not drawn. */
export async function signInAt(issuer: string): Promise<SignedInPerson> {
  const page = createFakePage("http://localhost/");
  const exchanges: TokenExchange[] = [];
  const open = () =>
    createBrowserSession({
      issuer,
      clientId: "user-lookup",
      redirectUri,
      scopes: ["users.read"],
      store: "memory",
      ports: { page, wake: alwaysOnline, fetch: recording(exchanges) },
    });
  const before = open();
  await before.ready();
  await before.signIn();
  before.close();
  const response = await fetch(page.lastDeparture(), { redirect: "manual" });
  page.arriveAt(response.headers.get("location") ?? "no location");
  const session = open();
  await session.ready();
  const outcome = session.signInOutcome();
  if (outcome.type === "failed") throw outcome.error;
  return { session, exchanges };
}

const alwaysOnline = { online: () => true, subscribe: () => () => undefined };

function recording(exchanges: TokenExchange[]) {
  return async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    if (String(input).endsWith("/token")) {
      const answer: Record<string, unknown> = await response.clone().json();
      exchanges.push({ sent: new URLSearchParams(await new Request(input, init).text()), answer });
    }
    return response;
  };
}

import { html } from "./html.ts";
import { cancelForm, page } from "./page.ts";

/** What the page shows that asks whether an application may act for the person. */
export interface ConsentPage {
  readonly action: string;
  readonly clientName: string;
  readonly accountName: string;
}

/** Asks for consent; shown when a client requests it (`prompt=consent`). */
export function consentPage({ action, clientName, accountName }: ConsentPage): string {
  return page(
    "Continue",
    html`<h1>Continue to ${clientName}</h1>
      <p class="muted">${clientName} will act for you, ${accountName}, until you sign out.</p>
      <form method="post" action="${action}">
        <input type="hidden" name="consent" value="yes" />
        <button class="button primary" type="submit" autofocus>Continue</button>
      </form>
      ${cancelForm(action)}`,
  );
}

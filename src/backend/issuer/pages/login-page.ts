import type { DemoAccount } from "../accounts.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { cancelForm, page } from "./page.ts";

/** What the sign-in page shows. */
export interface LoginPage {
  /** Where its forms are sent. */
  readonly action: string;
  /** What the name field holds at first. */
  readonly name: string;
  /** Why the last attempt failed, in a sentence. */
  readonly problem?: string;
  /** Said above the form when someone who is signed in is asked again. */
  readonly notice?: string;
  readonly demoAccounts: readonly DemoAccount[];
}

/** The sign-in page; every way through it works without JavaScript. */
export function loginPage(view: LoginPage): string {
  return page(
    "Sign in",
    html`<h1>Sign in to User Lookup</h1>
      ${view.notice === undefined ? undefined : html`<p class="muted">${view.notice}</p>`}
      ${view.problem === undefined ? undefined : html`<p class="problem" role="alert" id="problem">${view.problem}</p>`}
      ${credentialsForm(view)} ${view.demoAccounts.length === 0 ? undefined : demoList(view)}
      ${cancelForm(view.action)}`,
  );
}

function credentialsForm(view: LoginPage): Html {
  const isPrefilled = view.name !== "";
  const described =
    view.problem === undefined ? undefined : html` aria-describedby="problem" aria-invalid="true"`;
  const focus = html` autofocus`;
  return html`<form method="post" action="${view.action}">
    <label for="name">Name</label>
    <input
      id="name"
      name="name"
      value="${view.name}"
      autocomplete="username"
      autocapitalize="none"
      spellcheck="false"
      maxlength="200"
      required${described}${isPrefilled ? undefined : focus}
    />
    <label for="password">Password</label>
    <input
      id="password"
      name="password"
      type="password"
      autocomplete="current-password"
      maxlength="1000"
      required${described}${isPrefilled ? focus : undefined}
    />
    <button class="button primary" type="submit">Sign in</button>
  </form>`;
}

function demoList({ action, demoAccounts }: LoginPage): Html {
  return html`<h2 class="muted">Demo accounts, on this machine only:</h2>
    <ul class="demo">
      ${demoAccounts.map((account) => html`<li>${demoForm(action, account)}</li>`)}
    </ul>`;
}

function demoForm(action: string, account: DemoAccount): Html {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="name" value="${account.id}" />
    <input type="hidden" name="password" value="${account.password}" />
    <button type="submit">
      <span class="avatar" aria-hidden="true">${account.initials}</span
      ><span><b>${account.id}</b> <span class="muted">${account.description}</span></span
      ><span class="muted" aria-hidden="true">→</span>
    </button>
  </form>`;
}

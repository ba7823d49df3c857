import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** A whole HTML document: the card in the middle of the page, in the product's look. */
export function page(title: string, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – User Lookup</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/issuer.css" />
      </head>
      <body>
        <main class="card">
          <img class="mark" src="/assets/icon.svg" alt="" width="34" height="34" />
          ${content}
        </main>
      </body>
    </html> `.markup;
}

/** A page that says one thing, and offers the way back to the dashboard. */
export function messagePage(title: string, text: string, dashboardUrl: string): string {
  return page(
    title,
    html`<h1>${title}</h1>
      <p class="muted">${text}</p>
      <a class="button primary" href="${dashboardUrl}">Go to User Lookup</a>`,
  );
}

/** The form that ends a sign-in without one. */
export function cancelForm(action: string): Html {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="cancel" value="yes" />
    <button class="quiet" type="submit">Cancel and go back</button>
  </form>`;
}

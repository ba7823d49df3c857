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

/** A page that says one thing, and offers one way on. */
export function messagePage(
  title: string,
  text: string,
  link?: { readonly href: string; readonly label: string },
): string {
  const way = link && html`<a class="button primary" href="${link.href}">${link.label}</a>`;
  return page(
    title,
    html`<h1>${title}</h1>
      <p class="muted">${text}</p>
      ${way}`,
  );
}

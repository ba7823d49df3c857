import type { ServerResponse } from "node:http";

/** A page that ends a sign-in; both texts are our own. */
export function answerPage(response: ServerResponse, title: string, text: string): void {
  send(
    response,
    200,
    "text/html; charset=utf-8",
    `<!doctype html><html lang="en"><meta name="color-scheme" content="light dark"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`,
  );
}

/** Nothing is at this address, or not for this request. */
export function notHere(response: ServerResponse): void {
  send(response, 404, "text/plain; charset=utf-8", "There is nothing at this address.\n");
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    Connection: "close",
  });
  response.end(body);
}

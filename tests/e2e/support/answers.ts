import type { Page } from "@playwright/test";
import type { Stack } from "./stack.ts";

/** A gRPC-Web answer of the API that carries one empty message, for example a list of nobody. */
export async function answerEmpty(page: Page, stack: Stack, method: string): Promise<void> {
  const trailer = Buffer.from("grpc-status: 0\r\n");
  const frame = Buffer.alloc(5);
  frame.writeUInt8(0x80, 0);
  frame.writeUInt32BE(trailer.length, 1);
  await page.route(addressOf(stack, method), async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    return route.fulfill({
      headers: crossOrigin(stack),
      body: Buffer.concat([Buffer.alloc(5), frame, trailer]),
    });
  });
}

/** The API refuses the next call of `method` with a status and headers of its own. */
export async function refuseOnce(
  page: Page,
  stack: Stack,
  method: string,
  header: Readonly<Record<string, string>>,
): Promise<void> {
  let refused = false;
  await page.route(addressOf(stack, method), async (route) => {
    if (refused || route.request().method() !== "POST") return route.fallback();
    refused = true;
    return route.fulfill({ headers: { ...crossOrigin(stack), ...header } });
  });
}

/** Keeps every answer to `method` back until the returned function is called. */
export async function holdAnswers(
  page: Page,
  stack: Stack,
  method: string,
): Promise<() => Promise<void>> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(addressOf(stack, method), async (route) => {
    await released;
    await route.fallback();
  });
  return async () => {
    release();
    await page.unroute(addressOf(stack, method));
  };
}

function addressOf(stack: Stack, method: string): string {
  return `${stack.apiUrl}/user.v1.UserService/${method}`;
}

function crossOrigin(stack: Stack): Record<string, string> {
  return {
    "content-type": "application/grpc-web+proto",
    "access-control-allow-origin": stack.dashboardUrl,
    "access-control-expose-headers": "grpc-status, grpc-message, www-authenticate",
  };
}

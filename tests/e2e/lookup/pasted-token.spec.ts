import type { Page } from "@playwright/test";
import { pasteInto } from "../support/clipboard.ts";
import { expect, searchBox, signIn, test } from "../support/fixtures.ts";
import { watchSpill } from "../support/spilled.ts";

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const header = encode({ alg: "RS256", kid: "elsewhere" });
const payload = encode({ sub: "user123", email: "private@elsewhere.example", jti: "not-for-us" });
const signature = "Sv7".repeat(114);
const token = `${header}.${payload}.${signature}`;

/** Any piece of the token that is long enough to be worth something. */
function piecesIn(text: string): string[] {
  const pieces = [header, payload, signature].map((part) => part.slice(0, 24));
  return [...pieces, "private@elsewhere", "not-for-us"].filter((piece) => text.includes(piece));
}

function openUser(page: Page) {
  return page.getByRole("complementary", { name: "User Ada Lovelace" });
}

for (const [name, text] of [
  ["alone", token],
  ["in a header", `Authorization: Bearer ${token}`],
  ["in an answer", JSON.stringify({ access_token: token, token_type: "Bearer" })],
  ["over the lines of a terminal", token.replace(/.{80}/g, "$&\n")],
] as const) {
  test(`of a pasted token, ${name}, only the subject is used`, async ({ page }) => {
    await signIn(page);
    const spill = watchSpill(page);
    await pasteInto(searchBox(page), text);
    // First, because it goes away again after some seconds.
    await expect(page.getByText("The token was read here and not sent anywhere.")).toBeVisible();
    await expect(openUser(page)).toBeVisible();
    await expect(searchBox(page)).toHaveValue("user123");
    await page.keyboard.press("Control+i");
    await expect(page.getByRole("region", { name: "Inspector" })).toContainText("ListUsers");
    await page.reload();
    await expect(openUser(page)).toBeVisible();
    expect(spill.sent.length).toBeGreaterThan(3);
    expect(piecesIn(spill.sent.join("\n"))).toEqual([]);
    expect(piecesIn(await spill.kept())).toEqual([]);
    expect(piecesIn(await page.content())).toEqual([]);
  });
}

test("a token without a subject is said to be one and goes nowhere", async ({ page }) => {
  await signIn(page);
  const spill = watchSpill(page);
  await searchBox(page).fill(`${header}.${encode({ jti: "not-for-us" })}.${signature}`);
  await expect(page.getByText("This token names no subject.")).toBeVisible();
  await expect(searchBox(page)).toHaveValue("");
  expect(piecesIn(spill.sent.join("\n") + (await spill.kept()))).toEqual([]);
});

test("a token in a list or in an address gives only its subject as well", async ({ page }) => {
  await signIn(page);
  await page.goto("/many");
  const spill = watchSpill(page);
  await page.getByRole("textbox", { name: /one a line/ }).fill(`user124\n${token}`);
  await page.getByRole("button", { name: "Look up", exact: true }).click();
  await expect(page.getByText("2 lines: 2 found, 0 missing")).toBeVisible();
  expect(piecesIn(spill.sent.join("\n") + (await spill.kept()))).toEqual([]);
  await page.goto(`/?q=${token}`);
  await expect(openUser(page)).toBeVisible();
  await expect(page).toHaveURL(/\/users\/user123\?q=user123$/);
  const calls = spill.sent.filter((line) => line.includes("UserService"));
  expect(piecesIn(calls.join("\n") + (await spill.kept()))).toEqual([]);
});

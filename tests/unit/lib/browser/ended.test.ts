import { afterEach, describe, expect, it } from "vitest";
import { createApiInMemory } from "../../../support/api-in-memory.ts";
import { app, createFakeBrowser, signInNewTab } from "../../../support/browser/browser-tab.ts";

const browser = createFakeBrowser();
afterEach(() => browser.close());

describe("a call that begins while the session loads", () => {
  it("is made as the person who has just signed in, whoever was signed in before", async () => {
    await signInNewTab(browser);
    const before = browser.openTab(`${app}/lookup/`);
    await before.session.ready();
    await before.session.signIn();
    browser.issuer.claims = { sub: "sub-2" };
    const answer = browser.issuer.answerTo(before.page.lastDeparture());
    before.session.close();
    const { session } = browser.openTab(answer, {}, before.page);
    const { client, server } = createApiInMemory({ tokenSource: session });
    server.accepts = "access-2";
    const [{ subject }, user] = await Promise.all([
      session.ready(),
      client.getUser({ userId: "u" }),
    ]);
    expect({ subject, name: user.name }).toEqual({ subject: "sub-2", name: "Ada" });
  });
});

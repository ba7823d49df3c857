import { createCount } from "./plural.ts";

const count = createCount("en");
const faults = { one: "thing is wrong", other: "things are wrong" };

/** The words of the page that examines a deployment, in English; loaded with it. */
export const enDoctor = {
  title: "Is this deployment healthy?",
  intro: (site: string, issuer: string, api: string) =>
    `This page asks ${issuer} and ${api} as the dashboard at ${site} does, and looks at how the dashboard itself is served.`,
  signedOut: "Nobody is signed in here, so no token is tried at the API.",
  parts: {
    site: "How the site is served",
    issuer: "The issuer and what it promises",
    client: "What the issuer thinks of this client",
    api: "The API, from a page of this site",
    token: "Whether the API takes your token",
    clocks: "Clocks",
  },
  running: "Being examined",
  fine: "Fine",
  skipped: "Not tried",
  wrong: (amount: number) => count(amount, faults),
  healthy: "Nothing is wrong.",
  unhealthy: (amount: number) => `${count(amount, faults)}.`,
  busy: "Examining",
  whatToDo: "What to do",
  again: "Examine again",
  terminal: "A terminal sees more, such as a refused redirect URI:",
  noAnswer: "the browser got no answer",
  notForPages: "the browser keeps the answer from pages of this site (CORS)",
};

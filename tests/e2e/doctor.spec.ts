import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";
import type { Page } from "@playwright/test";
import type { FindingCode } from "../../src/site/index.ts";
import { startDeployment } from "../support/doctor/deployment.ts";
import type { TestDeployment } from "../support/doctor/deployment.ts";
import { faults } from "../support/doctor/faults.ts";
import { spoilBareRefusals } from "../support/doctor/spoil.ts";
import type { SeededFault } from "../support/doctor/spoil.ts";

const test = base.extend<object, { readonly deployment: TestDeployment }>({
  deployment: [
    async ({ browserName: _browserName }, provide) => {
      const deployment = await startDeployment("dist/site");
      await provide(deployment);
      await deployment.close();
    },
    { scope: "worker" },
  ],
});

test.afterEach(({ deployment }) => deployment.heal());

/** Opens the page, and waits until everything was examined. */
async function examine(page: Page, deployment: TestDeployment) {
  await page.goto(`${deployment.site.url}/doctor`);
  await expect(verdict(page)).not.toHaveText("Examining");
}

function verdict(page: Page) {
  return page.getByRole("main").getByRole("status");
}

function result(page: Page, part: string) {
  return page.getByRole("listitem").filter({ hasText: part });
}

test("a healthy deployment has nothing wrong, and nobody has to be signed in", async ({
  page,
  deployment,
}) => {
  const violations: string[] = [];
  page.on("console", (message) => {
    if (/Content.Security.Policy|Trusted ?Type/i.test(message.text())) {
      violations.push(message.text());
    }
  });
  await examine(page, deployment);
  await expect(verdict(page)).toHaveText("Nothing is wrong.");
  await expect(result(page, "The issuer and what it promises")).toContainText("Fine");
  await expect(result(page, "Whether the API takes your token")).toContainText("Not tried");
  expect(violations).toEqual([]);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations: found } = await new AxeBuilder({ page }).analyze();
    expect(found.map(({ id }) => id)).toEqual([]);
  }
});

test("who is signed in has a token tried, and comes back to the search", async ({
  page,
  deployment,
}) => {
  await page.goto(deployment.site.url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^support/ }).click();
  await expect(page.getByRole("searchbox")).toBeVisible();
  await examine(page, deployment);
  await expect(verdict(page)).toHaveText("Nothing is wrong.");
  await expect(result(page, "Whether the API takes your token")).toContainText("Fine");
  await page.getByRole("link", { name: "Go to the search" }).click();
  await expect(page.getByRole("searchbox")).toBeVisible();
});

const seen: readonly FindingCode[] = [
  "discovery-unreachable",
  "issuer-mismatch",
  "issuer-cors-discovery",
  "issuer-cors-token",
  "api-unreachable",
  "api-origin-refused",
  "api-authorization-not-allowed",
  "api-header-not-allowed",
  "csp-missing",
  "csp-blocks-api",
  "header-missing",
  "assets-not-immutable",
  "missing-asset-is-page",
];

// Chromium still takes * for Authorization, too, against the Fetch standard.
const isSeen = ({ code, what }: SeededFault) => seen.includes(code) && !what.includes("*");

const seeded: readonly SeededFault[] = [
  ...faults.filter((each) => isSeen(each)),
  {
    code: "grpc-status-hidden",
    what: "a proxy answers without a body, and exposes nothing",
    at: "api",
    fault: spoilBareRefusals,
  },
  {
    code: "clock-skew",
    what: "this computer's clock is five minutes ahead",
    at: "site",
    fault: {
      answer({ headers }) {
        headers["date"] = new Date(Date.parse(String(headers["date"])) - 300_000).toUTCString();
      },
    },
  },
];

for (const { code, what, at, fault } of seeded) {
  test(`${code}: ${what}`, async ({ page, deployment }) => {
    deployment[at].spoil(fault);
    await examine(page, deployment);
    await expect(page.locator("main h3")).toHaveText([code]);
    await expect(verdict(page)).toHaveText("1 thing is wrong.");
    await expect(page.getByRole("main")).toContainText("What to do:");
  });
}

test("what was put right is seen at the next look", async ({ page, deployment }) => {
  deployment.api.spoil({ answer: () => "drop" });
  await examine(page, deployment);
  await expect(verdict(page)).toHaveText("1 thing is wrong.");
  deployment.heal();
  await page.getByRole("button", { name: "Examine again" }).click();
  await expect(verdict(page)).toHaveText("Nothing is wrong.");
});

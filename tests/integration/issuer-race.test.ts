import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createIssuerBrowser, refresh, requestToken } from "../support/issuer-browser.ts";
import type { TokenAnswer } from "../support/issuer-browser.ts";
import { startIssuerProcess } from "../support/issuer-process.ts";
import type { IssuerProcess } from "../support/issuer-process.ts";
import { startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";
import { jwtBearer, loadServiceClient } from "../support/issuer-service-client.ts";

const settings = [
  // As others may build the issuer, and as the product has it.
  { replayGraceSeconds: 0, loserIsTold: "invalid_grant" },
  { replayGraceSeconds: 60, loserIsTold: "temporarily_unavailable" },
] as const;

describe.each(settings)(
  "two processes on one database, with a grace of $replayGraceSeconds s",
  ({ replayGraceSeconds, loserIsTold }) => {
    // Stands still, so that a busy machine cannot make a late answer of a race.
    const nowMs = Date.now();
    let server: IssuerServer;
    let processes: readonly [IssuerProcess, IssuerProcess];
    beforeAll(async () => {
      server = await startIssuer({ replayGraceSeconds, now: () => nowMs });
      const shared = { replayGraceSeconds, nowMs };
      processes = await Promise.all([
        startIssuerProcess(server, shared),
        startIssuerProcess(server, shared),
      ]);
    });
    afterEach(() => expect(server.failures).toEqual([]));
    afterAll(async () => {
      await Promise.all(processes.map((each) => each.stop()));
      await server.stop();
    });

    /** Sends one request many times at once, to both processes in turn. */
    const race = (count: number, request: (url: string) => Promise<TokenAnswer>) =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          request(processes[index % 2 === 0 ? 0 : 1].url),
        ),
      );
    const errorsOf = (answers: readonly TokenAnswer[]) =>
      answers.filter(({ status }) => status !== 200).map(({ body }) => body["error"]);
    const signIn = async () => {
      const { body } = await createIssuerBrowser(server.url).signIn("support");
      return body["refresh_token"];
    };

    it("let one of fifty refreshes of a token win", async () => {
      for (let round = 0; round < 3; round += 1) {
        const token = await signIn();
        const errors = errorsOf(await race(50, (url) => refresh(url, token)));
        expect(errors).toEqual(Array.from({ length: 49 }, () => loserIsTold));
      }
    });

    // Few at a time and often, because the first ones are the ones that meet: where a token is found and then
    // consumed in two steps, about every fifth round has two winners.
    it("let one win however often they meet at a token", { timeout: 60_000 }, async () => {
      for (let round = 0; round < 60; round += 1) {
        const token = await signIn();
        const errors = errorsOf(await race(6, (url) => refresh(url, token)));
        expect(errors).toEqual(Array.from({ length: 5 }, () => loserIsTold));
      }
    });

    it("take an assertion once however often they meet", { timeout: 60_000 }, async () => {
      const service = await loadServiceClient(server);
      const iat = Math.floor(nowMs / 1000);
      for (let round = 0; round < 30; round += 1) {
        const params = {
          grant_type: jwtBearer,
          client_id: "service-client",
          client_secret: service.secret,
          assertion: await service.assertion({ iat, exp: iat + 300 }),
        };
        const errors = errorsOf(await race(6, (url) => requestToken(url, params)));
        expect(errors).toEqual(Array.from({ length: 5 }, () => "invalid_grant"));
      }
    });
  },
);

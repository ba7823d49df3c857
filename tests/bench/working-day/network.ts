import type { Random } from "../../../src/lib/core/index.ts";

/** The way between the browser and the servers. */
export interface Network {
  readonly up: boolean;
  /** What is under way is lost, whether the server has seen it or not. */
  goDown(): void;
  comeUp(): void;
  /** Carries a request there and the answer back. Rejects as `fetch` does. */
  transmit<T>(latencyMs: number, serve: () => T): Promise<T>;
}

const failureMs = 30;

/** A network that is up. */
export function createNetwork(): Network {
  let up = true;
  let connection = 0;
  const wait = (durationMs: number) => new Promise<void>((done) => setTimeout(done, durationMs));
  return {
    get up() {
      return up;
    },
    goDown() {
      up = false;
      connection += 1;
    },
    comeUp: () => void (up = true),
    async transmit(latencyMs, serve) {
      const mine = connection;
      const assertConnected = () => {
        if (mine !== connection) throw new TypeError("fetch failed");
      };
      if (!up) {
        await wait(failureMs);
        throw new TypeError("fetch failed");
      }
      await wait(latencyMs / 2);
      assertConnected();
      const answer = serve();
      await wait(latencyMs / 2);
      assertConnected();
      return answer;
    },
  };
}

/** Draws how long a request takes, there and back. */
export function latency(random: Random, least: number, greatest: number): number {
  return Math.round(least + random() * (greatest - least));
}

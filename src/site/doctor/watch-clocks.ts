import { finding } from "./catalogue.ts";
import type { Finding } from "./catalogue.ts";
import type { DoctorPorts, Look } from "./ports.ts";

const toleranceMs = 60_000;

/** Ports that note what time it is at the servers that answer. */
export interface WatchedPorts {
  readonly ports: DoctorPorts;
  /** What was found so far: servers whose clock differs from this machine's by more than a minute. */
  readonly findings: () => Finding[];
}

/** Watches the `Date` of every answer. */
export function watchClocks(ports: DoctorPorts): WatchedPorts {
  const offsetsMs = new Map<string, number>();
  const watch = (look: Look): Look => {
    return async (url, request) => {
      const before = ports.now();
      const sight = await look(url, request);
      if (sight.kind !== "answer" || sight.date === undefined) return sight;
      // A cache in between says for how long it has had the answer (RFC 9111 section 5.1).
      const ageMs = 1000 * Number(sight.headers.get("age") ?? 0);
      const thereMs = Date.parse(sight.date) + ageMs;
      const hereMs = (before + ports.now()) / 2;
      if (Number.isFinite(thereMs)) offsetsMs.set(new URL(url).host, thereMs - hereMs);
      return sight;
    };
  };
  const { look, open } = ports;
  return {
    ports: { ...ports, look: watch(look), ...(open === undefined ? {} : { open: watch(open) }) },
    findings: () => {
      const wrong = [...offsetsMs].filter(([, offset]) => Math.abs(offset) > toleranceMs);
      if (wrong.length === 0) return [];
      const told = wrong.map(([host, offset]) => {
        const seconds = Math.round(Math.abs(offset) / 1000);
        return `${host} is ${seconds} seconds ${offset > 0 ? "ahead of" : "behind"} this machine`;
      });
      return [finding("clock-skew", `${told.join(", ")}.`)];
    },
  };
}

import { afterAll, describe, test } from "vitest";
import { writeRun, type Row } from "./rows.ts";

/** A peer that is there, with whatever its suite needs to start it. */
export interface FoundPeer {
  readonly version: string;
}

/** What is missing on this machine, and how to get it, in words. */
export interface Missing {
  readonly missing: string;
}

/** A program of others that ours must work with. */
export interface Peer<Found extends FoundPeer> {
  /** Its own name, as the documents write it. */
  readonly name: string;
  /** Looks for the peer, and installs it when it can be had. Does not start it. */
  find(): Promise<Found | Missing>;
}

/** What a feature may say about itself. */
export interface FeatureOptions {
  /** A sentence: how the peer differs, and what is done about it. */
  readonly deviation?: string;
  /** How long it may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** One test, and one row of docs/compatibility.md. */
export type Feature = (
  title: string,
  run: () => Promise<void> | void,
  options?: FeatureOptions,
) => void;

/**
 * The suite of one peer: `define` names the features, and starts and stops the
 * peer in hooks. When the peer is missing, the suite is one skipped test that
 * says what is missing. Await it at the top of the suite's file.
 */
export async function describePeer<Found extends FoundPeer>(
  { name, find }: Peer<Found>,
  define: (peer: Found, feature: Feature) => void,
): Promise<void> {
  const found = await find();
  if ("missing" in found) {
    writeRun({ peer: name, missing: found.missing, rows: [] });
    test(`${name}: ${found.missing}`, (context) => context.skip(found.missing));
    return;
  }
  describe(name, () => {
    const features = new Map<string, { deviation?: string; passed: boolean }>();
    // Registered first, so that it runs last: after the suite's own hooks.
    afterAll(() => {
      const rows = [...features].map(([feature, { passed, deviation }]): Row => {
        const result = passed ? "passes" : "fails";
        return { feature, result, ...(deviation !== undefined && { deviation }) };
      });
      writeRun({ peer: name, version: found.version, rows });
    });
    define(found, (title, run, { deviation, timeoutMs } = {}) => {
      if (features.has(title)) throw new Error(`${name} has two features "${title}".`);
      const entry = { ...(deviation !== undefined && { deviation }), passed: false };
      features.set(title, entry);
      test(title, { ...(timeoutMs !== undefined && { timeout: timeoutMs }) }, async ({ task }) => {
        await run();
        // A test that ran out of time has failed, also when it ends well later.
        entry.passed = task.result?.state !== "fail";
      });
    });
  });
}

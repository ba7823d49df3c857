import type { JSONWebKeySet } from "jose";
import { startGateServer } from "../../support/server/gate-server.ts";
import { gateFor } from "./gate.ts";

/** What the bench says to a server: begin, or tell what your processor has done. */
export type ServerOrder =
  { readonly type: "start"; readonly jwks: JSONWebKeySet | undefined } | { readonly type: "cpu" };

// A process of its own for each server: neither compiles, collects nor remembers for the other.
process.on("message", (order: ServerOrder) => {
  if (order.type === "cpu") process.send?.(process.cpuUsage());
  else void start(order.jwks);
});
process.on("disconnect", () => process.exit());

async function start(jwks: JSONWebKeySet | undefined): Promise<void> {
  const server = await startGateServer(jwks === undefined ? undefined : gateFor(jwks));
  process.send?.(server.baseUrl("gRPC"));
}

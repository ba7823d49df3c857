import { findCaddy, serveWithCaddy } from "./site/caddy.ts";
import { siteFeatures } from "./site/features.ts";
import { describePeer } from "./support/peer.ts";
import { runSpecs } from "./support/specs.ts";

await describePeer({ name: "Caddy", find: findCaddy }, (found, feature) => {
  siteFeatures(feature, (options) => serveWithCaddy(found, options));

  feature(
    "the dashboard works there, and breaks no policy",
    () => runSpecs(["lookup/first-look", "people"], { caddy: found.program }),
    { timeoutMs: 180_000 },
  );
});

import { siteFeatures } from "./site/features.ts";
import { findNginx, serveWithNginx } from "./site/nginx.ts";
import { describePeer } from "./support/peer.ts";
import { runSpecs } from "./support/specs.ts";

await describePeer({ name: "nginx", find: findNginx }, (found, feature) => {
  siteFeatures(feature, (options) => serveWithNginx(found, options));

  feature(
    "the dashboard works there, with its API behind the same name, and breaks no policy",
    () => runSpecs(["lookup/first-look", "people"], { nginx: found.program }),
    { timeoutMs: 180_000 },
  );
});

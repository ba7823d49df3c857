import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:http2";
import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { loopbackCertificates } from "../support/certificates.ts";
import { demoConfig, siteFeatures } from "./site/features.ts";
import { findNginx, serveWithNginx } from "./site/nginx.ts";
import { freePort } from "./support/child.ts";
import { describePeer } from "./support/peer.ts";
import { runSpecs } from "./support/specs.ts";

await describePeer({ name: "nginx", find: findNginx }, (found, feature) => {
  siteFeatures(feature, (options) => serveWithNginx(found, options));

  feature("with TLS it speaks HTTP/2, and plain http leads there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "nginx-tls-"));
    const { ca, cert, key } = await loopbackCertificates();
    const tls = {
      port: await freePort(),
      certFile: join(folder, "tls.crt"),
      keyFile: join(folder, "tls.key"),
    };
    await writeFile(tls.certFile, cert);
    await writeFile(tls.keyFile, key);
    const config = { ...demoConfig, issuer: "https://id.example.com", demo: false };
    const site = await serveWithNginx(found, { config, port: await freePort(), tls });
    try {
      const plain = await fetch(`${site.url}/users/user123?q=a`, { redirect: "manual" });
      expect([plain.status, plain.headers.get("location")]).toEqual([
        301,
        "https://localhost/users/user123?q=a",
      ]);
      const headers = await getOverHttp2(`https://localhost:${tls.port}`, "/users/user123", ca);
      expect(headers[":status"]).toBe(200);
      expect(headers["strict-transport-security"]).toBe("max-age=63072000; includeSubDomains");
    } finally {
      await site.stop();
      await rm(folder, { recursive: true });
    }
  });

  feature(
    "the dashboard works there, with its API behind the same name, and breaks no policy",
    () => runSpecs(["lookup/first-look", "people", "user/live-user"], { nginx: found.program }),
    { timeoutMs: 180_000 },
  );
});

/** The headers of an answer over HTTP/2, from a server that `ca` vouches for. */
async function getOverHttp2(origin: string, path: string, ca: string) {
  const session = connect(origin, { ca });
  const stream = session.request({ ":path": path });
  const [headers] = await once(stream, "response");
  session.destroy();
  return headers as IncomingHttpHeaders & IncomingHttpStatusHeader;
}

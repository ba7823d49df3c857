import { useState } from "react";
import { words } from "../../messages/messages.ts";
import { createDemoClient } from "./demo-client.ts";

/** Switches that make trouble on purpose, on the demo issuer only. */
export function TroublePanel({ issuer }: { readonly issuer: string }) {
  const [result, setResult] = useState<string>();
  const [counters, setCounters] = useState<string>();
  const demo = createDemoClient(issuer);
  const text = words().session;
  const actions: readonly (readonly [string, () => Promise<void>])[] = [
    [text.outage, () => demo.trouble({ token: "unavailable", forMs: 10_000 })],
    [text.slow, () => demo.trouble({ token: "slow", forMs: 30_000, delayMs: 3_000 })],
    [text.off, () => demo.trouble({ token: "off", forMs: 10_000 })],
    [text.ok, () => demo.trouble({ token: "ok" })],
    [text.revoke, demo.revoke],
    [text.rotate, demo.rotateKeys],
    [text.counters, () => demo.counters().then(setCounters)],
  ];
  const run = (label: string, action: () => Promise<void>) => {
    action().then(
      () => setResult(text.done(label)),
      () => setResult(text.failed(label)),
    );
  };
  return (
    <section className="trouble" aria-label={text.trouble}>
      <h3>{text.trouble}</h3>
      <p className="muted small empty">{text.troubleText}</p>
      <p className="dock-actions">
        {actions.map(([label, action]) => (
          <button
            key={label}
            type="button"
            className="button small"
            onClick={() => run(label, action)}
          >
            {label}
          </button>
        ))}
      </p>
      <p className="small empty" role="status">
        {result}
      </p>
      {counters === undefined ? null : <pre className="code-block">{counters}</pre>}
    </section>
  );
}

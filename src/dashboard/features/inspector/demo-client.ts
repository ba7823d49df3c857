/** How the token endpoint of the demo issuer behaves. */
export interface Trouble {
  readonly token: "ok" | "unavailable" | "slow" | "off";
  /** For how long, in milliseconds. */
  readonly forMs?: number;
  /** How long an answer takes, in milliseconds (`slow`). */
  readonly delayMs?: number;
}

/** The switches of the demo issuer that make trouble on purpose. */
export interface DemoClient {
  trouble(trouble: Trouble): Promise<void>;
  revoke(): Promise<void>;
  rotateKeys(): Promise<void>;
  /** What the issuer counted, as it tells it (JSON). */
  counters(): Promise<string>;
}

/** Talks to the `/demo/*` endpoints of `issuer`. Rejects when one refuses. */
export function createDemoClient(issuer: string): DemoClient {
  const base = issuer.replace(/\/+$/, "");
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    const response = await fetch(`${base}/demo/${path}`, init);
    if (!response.ok) throw new Error(`/demo/${path} answered ${String(response.status)}.`);
    return response;
  };
  const post = async (path: string, body?: object): Promise<void> => {
    const headers = { "Content-Type": "application/json" };
    await ask(path, { method: "POST", headers, body: JSON.stringify(body ?? {}) });
  };
  return {
    trouble: (trouble) => post("trouble", trouble),
    revoke: () => post("revoke"),
    rotateKeys: () => post("rotate-keys"),
    counters: () => ask("counters").then((response) => response.text()),
  };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Grant } from "../../../../src/lib/core/index.ts";
import { openTokenFile } from "../../../../src/lib/node/index.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "token-file-"));
  path = join(folder, "deeper", "refresh-token");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;
const accessToken = { value: "at", type: "Bearer", expiresAt: 1, scopes: [] } as const;

/** A grant that rotates `rt-1` to `rt-2` and so on, and keeps what it was sent. */
function rotating(sent: string[]) {
  return (refreshToken: string, onRotated: (token: string) => Promise<void>): Grant => {
    let current = refreshToken;
    return async () => {
      sent.push(current);
      current = `rt-${Number(current.slice(3)) + 1}`;
      await onRotated(current);
      return { accessToken, refreshToken: current, idToken: undefined };
    };
  };
}

describe("a token file", () => {
  test("keeps a token for its owner only, and nothing else beside it", async () => {
    const file = openTokenFile(path);
    expect(await file.read()).toBeUndefined();
    await file.write("rt-1");
    expect(await file.read()).toBe("rt-1");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await file.write("rt-2");
    expect(readFileSync(path, "utf8")).toBe("rt-2\n");
    expect(readdirSync(join(folder, "deeper"))).toEqual(["refresh-token"]);
    await file.remove();
    expect(await file.read()).toBeUndefined();
  });

  test("refuses a file that other people can read, without its content", async () => {
    const file = openTokenFile(path);
    await file.write("secret-token");
    chmodSync(path, 0o644);
    await expect(file.read()).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("chmod 600"),
    });
    await expect(file.read()).rejects.not.toThrow("secret-token");
  });

  test("its grant rotates the token in place, also when another process did meanwhile", async () => {
    const file = openTokenFile(path);
    await file.write("rt-1");
    const sent: string[] = [];
    const grant = file.grant(rotating(sent));
    await grant({ signal });
    await grant({ signal });
    await file.write("rt-10");
    await grant({ signal });
    expect(sent).toEqual(["rt-1", "rt-2", "rt-10"]);
    expect(await file.read()).toBe("rt-11");
    expect(readdirSync(join(folder, "deeper"))).toEqual(["refresh-token"]);
  });

  test("goes on with a new token that it could not keep", async () => {
    const file = openTokenFile(path);
    await file.write("rt-1");
    const sent: string[] = [];
    let failures = 1;
    const grant = file.grant((token, keep) =>
      rotating(sent)(token, async (rotated) => {
        if (failures-- > 0) throw new Error("disk full");
        await keep(rotated);
      }),
    );
    await expect(grant({ signal })).rejects.toThrow("disk full");
    await grant({ signal });
    expect(sent).toEqual(["rt-1", "rt-2"]);
    expect(await file.read()).toBe("rt-3");
  });

  test("without a token its grant says to sign in", async () => {
    const grant = openTokenFile(join(folder, "none")).grant(rotating([]));
    await expect(grant({ signal })).rejects.toMatchObject({ code: "signed-out" });
  });
});

describe("the lock of a token file", () => {
  const lockOf = (content: string) => {
    writeFileSync(`${path}.lock`, content);
    return `${path}.lock`;
  };
  const holder = (pid: number, host = hostname()) => JSON.stringify({ host, pid, id: "x" });
  beforeEach(() => openTokenFile(path).write("rt-1"));

  test("that a dead process left is taken over", async () => {
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(child, "exit");
    lockOf(holder(child.pid ?? 0));
    const sent: string[] = [];
    await openTokenFile(path).grant(rotating(sent))({ signal });
    expect(sent).toEqual(["rt-1"]);
  });

  test("that is older than any exchange is taken over, whoever holds it", async () => {
    const lock = lockOf(holder(1, "another-machine"));
    const longAgo = Date.now() / 1000 - 61;
    utimesSync(lock, longAgo, longAgo);
    await openTokenFile(path).grant(rotating([]))({ signal });
    expect(await openTokenFile(path).read()).toBe("rt-2");
  });

  test.each([
    ["a living process", () => holder(process.pid)],
    ["another machine", () => holder(1, "another-machine")],
    ["somebody who has not signed it yet", () => ""],
  ])("of %s is respected until the caller's deadline", async (_name, content) => {
    lockOf(content());
    const sent: string[] = [];
    const reason = new Error("the deadline");
    const deadline = new AbortController();
    const waiting = openTokenFile(path).grant(rotating(sent))({ signal: deadline.signal });
    setTimeout(() => deadline.abort(reason), 60);
    await expect(waiting).rejects.toBe(reason);
    expect(sent).toEqual([]);
    expect(readFileSync(`${path}.lock`, "utf8")).toBe(content());
  });

  test("lets several processes renew at once, and each token is sent once", async () => {
    const { url, sent, close } = await startStrictIssuer();
    const script = join(import.meta.dirname, "../../../support/token-file-process.ts");
    const processes = [1, 2, 3].map(() =>
      spawn(process.execPath, [script, path, url, "8"], { stdio: ["ignore", "ignore", "pipe"] }),
    );
    const ends = await Promise.all(
      processes.map(async (child) => {
        const errors = text(child.stderr);
        const [code]: unknown[] = await once(child, "exit");
        return { code, errors: await errors };
      }),
    );
    const success = { code: 0, errors: "" };
    expect(ends).toEqual([success, success, success]);
    expect(sent).toEqual(Array.from({ length: 24 }, (_, index) => `rt-${index + 1}`));
    expect(await openTokenFile(path).read()).toBe("rt-25");
    close();
  }, 30_000);
});

/** A token endpoint that takes each refresh token once. */
async function startStrictIssuer() {
  const sent: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const token = new URLSearchParams(body).get("refresh_token") ?? "";
      const isNext = token === `rt-${sent.length + 1}`;
      sent.push(token);
      const good = {
        access_token: "at",
        token_type: "bearer",
        refresh_token: `rt-${sent.length + 1}`,
      };
      response.writeHead(isNext ? 200 : 400, { "content-type": "application/json" });
      response.end(JSON.stringify(isNext ? good : { error: "invalid_grant" }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/token`, sent, close: () => void server.close() };
}

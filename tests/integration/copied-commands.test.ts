import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { toJsonString } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import type { Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { curlCommand } from "../../src/dashboard/features/inspector/curl.ts";
import { createCallLog } from "../../src/dashboard/rpc/call-log.ts";
import type { CallRecord } from "../../src/dashboard/rpc/call-journal.ts";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";

const root = join(import.meta.dirname, "../..");

let backend: TestBackend;
let token: string;
beforeAll(async () => {
  backend = await startTestBackend();
  token = await backend.personToken("support");
});
afterAll(() => backend.remove());

/** Makes a call as the page does, and gives the command that the inspector copies for it. */
async function copied(
  call: (client: ReturnType<typeof createClient<typeof UserService>>) => Promise<unknown>,
): Promise<string> {
  const log = createCallLog();
  const attach: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
  const interceptors = [log.outer, attach, log.inner];
  const transport = createGrpcWebTransport({
    baseUrl: backend.apiUrl,
    httpVersion: "1.1",
    interceptors,
  });
  await call(createClient(UserService, transport));
  const [record] = log.calls();
  if (record?.request === undefined) throw new Error("a call was expected");
  return curlCommand("buf", record, toJsonString(record.method.input, record.request));
}

/** Pastes a command into a shell. Rejects with what it says when it fails. */
async function paste(command: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", ["-c", command], inShell(env));
  return stdout;
}

/** Pastes a command that does not end by itself, and ends it as soon as it says `expected`. */
async function pasteUntil(expected: RegExp, command: string): Promise<string> {
  const child = spawn("bash", ["-c", `exec ${command}`], inShell({ TOKEN: token }));
  let said = "";
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (expected.test(said)) break;
  }
  child.kill();
  return said;
}

function inShell(env: Readonly<Record<string, string>>) {
  const PATH = `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
  return { cwd: root, env: { ...process.env, ...env, PATH } };
}

describe("a call copied as buf curl", () => {
  it("has no token in it, and answers the same once the shell has one", async () => {
    const command = await copied((client) => client.getUser({ userId: "user123" }));
    expect(command).not.toContain(token);
    expect(JSON.parse(await paste(command, { TOKEN: token }))).toMatchObject({
      id: "user123",
      name: "Ada Lovelace",
    });
  });

  it("is refused without one", async () => {
    const command = await copied((client) => client.getUser({ userId: "user123" }));
    await expect(paste(command, { TOKEN: "" })).rejects.toThrow(/unauthenticated/);
  });

  it("survives the shell, whatever was searched for", async () => {
    const query = `o'brien "$(touch /nowhere)" \\ \`id\` Ünï`;
    const command = await copied((client) => client.listUsers({ query, pageSize: 3 }));
    expect(JSON.parse(await paste(command, { TOKEN: token }))).toEqual({});
  });

  it("watches a user as well", async () => {
    const stop = new AbortController();
    const command = await copied(async (client) => {
      const messages = client.watchUser({ userId: "user123" }, { signal: stop.signal });
      await messages[Symbol.asyncIterator]().next();
      stop.abort();
    });
    const user = /"id":\s*"user123"/;
    expect(await pasteUntil(user, command)).toMatch(user);
  });
});

it("a call copied as grpcurl names the same method, host and contract", async () => {
  const record: Pick<CallRecord, "method" | "url"> = {
    method: UserService.method.getUser,
    url: `${backend.apiUrl}/user.v1.UserService/GetUser`,
  };
  const command = curlCommand("grpcurl", record as CallRecord, "{}");
  expect(command).toContain("-import-path proto -proto user/v1/user_service.proto");
  expect(command.endsWith(`${new URL(backend.apiUrl).host} user.v1.UserService/GetUser`)).toBe(
    true,
  );
});

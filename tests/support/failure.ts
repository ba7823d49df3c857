import { ConnectError } from "@connectrpc/connect";
import type { Code } from "@connectrpc/connect";

/** The error that a call fails with; one that tells so when it does not fail. */
export async function failure(call: Promise<unknown>): Promise<ConnectError> {
  const reason: unknown = await call.then(
    () => new Error("the call did not fail"),
    (error: unknown) => error,
  );
  return ConnectError.from(reason);
}

/** The code of that error. */
export async function codeOf(call: Promise<unknown>): Promise<Code> {
  return (await failure(call)).code;
}

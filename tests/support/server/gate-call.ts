import type { DescMethod } from "@bufbuild/protobuf";
import { createContextValues, createHandlerContext } from "@connectrpc/connect";
import type { ContextValues } from "@connectrpc/connect";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import { principalKey } from "../../../src/lib/server/index.ts";
import type { Principal, TokenGate } from "../../../src/lib/server/index.ts";

/** What a call at a gate may say of itself. */
export interface GateCall {
  readonly method?: DescMethod;
  readonly contextValues?: ContextValues;
  readonly signal?: AbortSignal;
}

/**
 * One call at the gate without HTTP: resolves with the principal (none for a
 * public method), rejects with the error that a client would get.
 */
export async function enter(
  gate: TokenGate,
  authorization: string | undefined,
  { method = UserService.method.getUser, contextValues, signal }: GateCall = {},
): Promise<Principal | undefined> {
  const values = contextValues ?? createContextValues();
  const context = createHandlerContext({
    service: method.parent,
    method,
    protocolName: "connect",
    requestMethod: "POST",
    url: `http://localhost/${method.parent.typeName}/${method.name}`,
    requestHeader: authorization === undefined ? {} : { authorization },
    contextValues: values,
    ...(signal === undefined ? {} : { requestSignal: signal }),
  });
  await gate.requestGate(context);
  return values.get(principalKey);
}

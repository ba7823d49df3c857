import type { CallRecord } from "../../rpc/call-journal.ts";

/** Which command line tool a call is written for. */
export type CurlTool = "grpcurl" | "buf";

/**
 * A call as a command. The token is read from `$TOKEN`, so that the command can
 * be passed on. `json` is the request message.
 */
export function curlCommand(tool: CurlTool, record: CallRecord, json: string): string {
  const path = `${record.method.parent.typeName}/${record.method.name}`;
  const origin = new URL(record.url).origin;
  const common = [`-H "authorization: Bearer $TOKEN"`, `-d ${shellQuote(json)}`];
  if (tool === "buf") {
    return ["buf curl --protocol grpcweb --schema proto", ...common, `${origin}/${path}`].join(" ");
  }
  const { host, protocol } = new URL(origin);
  const plain = protocol === "http:" ? ["-plaintext"] : [];
  return [
    "grpcurl",
    ...plain,
    "-import-path proto -proto user/v1/user_service.proto",
    ...common,
    host,
    path,
  ].join(" ");
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

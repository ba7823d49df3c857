import { toJsonString } from "@bufbuild/protobuf";
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { ErrorInfoSchema } from "../../../gen/google/rpc/error_details_pb.ts";
import { RequestInfoSchema } from "../../../gen/google/rpc/request_info_pb.ts";
import { words } from "../../messages/messages.ts";
import type { CallRecord } from "../../rpc/call-journal.ts";

const KNOWN: readonly DescMessage[] = [ErrorInfoSchema, RequestInfoSchema];

/** A message as JSON for people; empty when there is none. */
export function messageText(schema: DescMessage, message: Message | undefined): string {
  return message === undefined ? "" : toJsonString(schema, message, { prettySpaces: 2 });
}

/** Headers or trailers, one a line. */
export function headerText(entries: CallRecord["header"] | undefined): string {
  return (entries ?? []).map(([name, value]) => `${name}: ${value}`).join("\n");
}

/** What the server said beside code and words, each under the name of its type. */
export function errorDetailText({ error }: Pick<CallRecord, "error">): string {
  if (error === undefined) return "";
  return error.details
    .map((detail) => {
      // What came over the wire; an outgoing detail is none of ours.
      if (!("type" in detail)) return detail.desc.typeName;
      const schema = KNOWN.find(({ typeName }) => typeName === detail.type);
      const found = schema === undefined ? [] : error.findDetails(schema);
      const text =
        schema === undefined || found.length === 0
          ? words().inspector.opaque(detail.value.byteLength)
          : found.map((message) => messageText(schema, message)).join("\n");
      return `${detail.type}\n${text}`;
    })
    .join("\n\n");
}

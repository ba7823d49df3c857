import { toJsonString } from "@bufbuild/protobuf";
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { ErrorInfoSchema } from "../../../gen/google/rpc/error_details_pb.ts";
import { RequestInfoSchema } from "../../../gen/google/rpc/request_info_pb.ts";
import { words } from "../../messages/messages.ts";
import type { CallRecord } from "../../rpc/call-journal.ts";
import { useCopy } from "../../ui/copy-button.tsx";
import { curlCommand } from "./curl.ts";
import type { CurlTool } from "./curl.ts";

/** What one call carried: messages, headers, trailers, and what went wrong. */
export function CallDetails({ record }: { readonly record: CallRecord }) {
  const text = words().inspector;
  const request = json(record.method.input, record.request);
  const responses = record.responses.map((message) => json(record.method.output, message));
  return (
    <>
      <p className="dock-actions">
        <CopyCommand tool="grpcurl" record={record} label={text.copyGrpcurl} />
        <CopyCommand tool="buf" record={record} label={text.copyBuf} />
      </p>
      <p className="muted small empty">{text.tokenHint}</p>
      {record.error === undefined ? null : (
        <Block title={text.error} body={`${record.code ?? ""}: ${record.error.rawMessage}`} />
      )}
      <Block title={text.errorDetails} body={errorDetails(record)} />
      <Block title={text.request} body={request} />
      <Block title={text.response} body={responses.join("\n")} />
      <Block title={text.header} body={lines(record.header)} />
      <Block title={text.trailer} body={lines(record.trailer)} />
    </>
  );
}

function CopyCommand(props: {
  readonly tool: CurlTool;
  readonly record: CallRecord;
  readonly label: string;
}) {
  const { tool, record, label } = props;
  const [, copy] = useCopy(tool);
  const message = record.request;
  const body = message === undefined ? "{}" : toJsonString(record.method.input, message);
  return (
    <button
      type="button"
      className="button small"
      onClick={() => copy(curlCommand(tool, record, body))}
    >
      {label}
    </button>
  );
}

function Block({ title, body }: { readonly title: string; readonly body: string }) {
  if (body === "") return null;
  return (
    <section>
      <h3>{title}</h3>
      <pre className="code-block">{body}</pre>
    </section>
  );
}

function json(schema: DescMessage, message: Message | undefined): string {
  return message === undefined ? "" : toJsonString(schema, message, { prettySpaces: 2 });
}

function errorDetails(record: CallRecord): string {
  const info = record.error?.findDetails(ErrorInfoSchema) ?? [];
  const ids = record.error?.findDetails(RequestInfoSchema) ?? [];
  return [
    ...info.map((detail) => json(ErrorInfoSchema, detail)),
    ...ids.map((detail) => json(RequestInfoSchema, detail)),
  ].join("\n");
}

function lines(entries: CallRecord["header"]): string {
  return entries.map(([name, value]) => `${name}: ${value}`).join("\n");
}

import { toJsonString } from "@bufbuild/protobuf";
import { words } from "../../messages/messages.ts";
import type { CallRecord } from "../../rpc/call-journal.ts";
import { useCopy } from "../../ui/copy-button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { curlCommand } from "./curl.ts";
import type { CurlTool } from "./curl.ts";

/** The call as a command for either tool. */
export function CopyCommands({ record }: { readonly record: CallRecord }) {
  const text = words().inspector;
  return (
    <>
      <p className="dock-actions">
        <CopyCommand tool="grpcurl" record={record} label={text.copyGrpcurl} />
        <CopyCommand tool="buf" record={record} label={text.copyBuf} />
      </p>
      <p className="muted small hint">{text.tokenHint}</p>
    </>
  );
}

function CopyCommand(props: {
  readonly tool: CurlTool;
  readonly record: CallRecord;
  readonly label: string;
}) {
  const { tool, record, label } = props;
  const [copied, copy] = useCopy(tool === "buf" ? "buf curl" : tool);
  const message = record.request;
  const body = message === undefined ? "{}" : toJsonString(record.method.input, message);
  return (
    <button
      type="button"
      className="button small"
      data-copied={copied || undefined}
      onClick={() => copy(curlCommand(tool, record, body))}
    >
      <Icon name={copied ? "check" : "copy"} /> {label}
    </button>
  );
}

import { words } from "../../messages/messages.ts";
import type { CallRecord } from "../../rpc/call-journal.ts";
import { countdown } from "../../lib/time-format.ts";
import { timingOf } from "./call-timing.ts";

/** What {@link CallRow} needs. */
export interface CallRowProps {
  readonly call: CallRecord;
  readonly chosen: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly onChoose: () => void;
}

const LONG_MS = 10_000;

/** One call in a line. */
export function CallRow({ call, chosen, now, onChoose }: CallRowProps) {
  const text = words().inspector;
  const timing = timingOf(call, now);
  return (
    <tr aria-current={chosen || undefined} onClick={onChoose}>
      <th scope="row">
        <button type="button" className="plain mono" aria-label={text.show(call.method.name)}>
          {call.method.name}
        </button>
      </th>
      <td>
        <CallCode call={call} />
      </td>
      <td className="number count-of-attempts">{call.attempts.length}</td>
      <td className="number">
        {timing.totalMs < LONG_MS ? text.milliseconds(timing.totalMs) : countdown(timing.totalMs)}
      </td>
      <td>
        <span className="timing-cell">
          <Timing timing={timing} />
          {call.method.methodKind === "unary" ? null : (
            <span className="muted small">{text.messages(call.messageCount, text.message)}</span>
          )}
        </span>
      </td>
    </tr>
  );
}

function CallCode({ call: { code, method } }: { readonly call: CallRecord }) {
  const text = words().inspector;
  const tone = code === undefined ? "suspended" : code === "OK" ? "active" : "locked";
  const running = method.methodKind === "unary" ? text.running : text.streaming;
  return (
    <span className={`status status-${code === "CANCELED" ? "unknown" : tone}`}>
      <span>{code ?? running}</span>
    </span>
  );
}

function Timing({ timing }: { readonly timing: ReturnType<typeof timingOf> }) {
  return (
    <svg
      className="timing"
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      role="img"
      aria-label={words().inspector.timingLabel(timing.waitMs, timing.wireMs)}
    >
      {timing.bars.map((bar) => (
        <rect
          key={bar.from}
          className={bar.wire ? "wire" : "wait"}
          x={bar.from}
          width={bar.width}
          y="0"
          height="8"
        />
      ))}
    </svg>
  );
}

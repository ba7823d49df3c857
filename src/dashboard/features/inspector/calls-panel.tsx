import { useState } from "react";
import { words } from "../../messages/messages.ts";
import type { CallRecord } from "../../rpc/call-journal.ts";
import { useServices, useStore } from "../../services.ts";
import { CallDetails } from "./call-details.tsx";
import { timingOf } from "./call-timing.ts";

/** The last calls, and beside them what one of them carried. */
export function CallsPanel() {
  const { calls } = useServices();
  const list = useStore(calls, calls.calls);
  const [chosen, setChosen] = useState<number>();
  const text = words().inspector;
  const record = list.find(({ id }) => id === chosen);
  if (list.length === 0) return <p className="muted empty">{text.noCalls}</p>;
  return (
    <div className="calls">
      <div className="calls-list">
        <table className="results compact">
          <caption className="sr">{text.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.method}</th>
              <th scope="col">{text.code}</th>
              <th scope="col">{text.attempts}</th>
              <th scope="col">{text.time}</th>
              <th scope="col">{text.timing}</th>
            </tr>
          </thead>
          <tbody>
            {list.map((call) => (
              <CallRow
                key={call.id}
                call={call}
                chosen={call.id === chosen}
                onChoose={() => setChosen(call.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className="call-details">
        {record === undefined ? (
          <p className="muted empty">{text.select}</p>
        ) : (
          <CallDetails key={record.id} record={record} />
        )}
      </div>
    </div>
  );
}

function CallRow(props: {
  readonly call: CallRecord;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  const { call, chosen, onChoose } = props;
  const text = words().inspector;
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
      <td>{call.attempts.length}</td>
      <td>{call.durationMs === undefined ? "" : `${String(Math.round(call.durationMs))} ms`}</td>
      <td>
        <Timing call={call} />
        {call.messageCount > 1 ? (
          <span className="muted">{text.messages(call.messageCount)}</span>
        ) : null}
      </td>
    </tr>
  );
}

function CallCode({ call: { code } }: { readonly call: CallRecord }) {
  const tone = code === undefined ? "suspended" : code === "OK" ? "active" : "locked";
  return (
    <span className={`status status-${code === "CANCELED" ? "unknown" : tone}`}>
      <span>{code ?? words().inspector.running}</span>
    </span>
  );
}

function Timing({ call }: { readonly call: CallRecord }) {
  const { bars, waitMs, wireMs } = timingOf(call);
  return (
    <svg
      className="timing"
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      role="img"
      aria-label={words().inspector.timingLabel(waitMs, wireMs)}
    >
      {bars.map((bar) => (
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

import { words } from "../../messages/messages.ts";
import type { CallRecord } from "../../rpc/call-journal.ts";
import { CallRow } from "./call-row.tsx";

/** What {@link CallsPanel} needs. */
export interface CallsPanelProps {
  readonly list: readonly CallRecord[];
  readonly chosen: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly onChoose: (id: number) => void;
  readonly onClear: () => void;
}

/** The last calls, newest first. */
export function CallsPanel({ list, chosen, now, onChoose, onClear }: CallsPanelProps) {
  const text = words().inspector;
  return (
    <section className="calls" aria-label={text.calls}>
      <header className="dock-head">
        <h3>{text.calls}</h3>
        <span className="muted">{list.length}</span>
        <button type="button" className="quiet" onClick={onClear}>
          {text.clear}
        </button>
      </header>
      <div className="dock-body">
        {list.length === 0 ? <p className="muted empty">{text.noCalls}</p> : null}
        <table className="results compact" hidden={list.length === 0}>
          <caption className="sr">{text.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.method}</th>
              <th scope="col">{text.code}</th>
              <th scope="col" className="number count-of-attempts">
                {text.attempts}
              </th>
              <th scope="col" className="number">
                {text.time}
              </th>
              <th scope="col">{text.timing}</th>
            </tr>
          </thead>
          {/* It listens only to what comes up from the buttons inside. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <tbody onKeyDown={stepOverRows}>
            {list.map((call) => (
              <CallRow
                key={call.id}
                call={call}
                chosen={call.id === chosen}
                now={now}
                onChoose={() => onChoose(call.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The arrows go from row to row and show each, as in a list of files. */
function stepOverRows(event: React.KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("th button")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const next = buttons[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  next.focus();
  next.click();
}

import { words } from "../../messages/messages.ts";
import type { CallRecord } from "../../rpc/call-journal.ts";
import { useServices } from "../../services.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { errorDetailText, headerText, messageText } from "./call-text.ts";
import { timingOf } from "./call-timing.ts";
import { CopyCommands } from "./copy-command.tsx";

/** What one call carried: messages, headers, trailers, and what went wrong. */
export function CallDetails(props: { readonly record: CallRecord; readonly now: number }) {
  const { record, now } = props;
  const text = words().inspector;
  const { error, method } = record;
  return (
    <>
      <CopyCommands record={record} />
      <Facts record={record} now={now} />
      {error === undefined ? null : (
        <Block title={text.error} body={`${record.code ?? ""}: ${error.rawMessage}`} />
      )}
      <Block title={text.errorDetails} body={errorDetailText(record)} />
      <Block title={text.request} body={messageText(method.input, record.request)} />
      <Responses record={record} />
      <Block title={text.requestHeader} body={headerText(record.attempts.at(-1)?.header)} />
      <Block title={text.header} body={headerText(record.header)} />
      <Block title={text.trailer} body={headerText(record.trailer)} />
    </>
  );
}

function Facts({ record, now }: { readonly record: CallRecord; readonly now: number }) {
  const { time } = useServices();
  const text = words().inspector;
  const { waitMs, wireMs } = timingOf(record, now);
  const began = new Date(record.startedAt);
  return (
    <dl>
      <dt>{text.method}</dt>
      <dd className="mono breakable">
        {record.method.parent.typeName}/{record.method.name}
      </dd>
      <dt>{text.began}</dt>
      <dd>
        <time dateTime={began.toISOString()}>{time.clock(began)}</time>
      </dd>
      <dt>{text.waited}</dt>
      <dd>{text.milliseconds(waitMs)}</dd>
      <dt>{text.onWire}</dt>
      <dd>{text.milliseconds(wireMs)}</dd>
      <dt>{text.attempts}</dt>
      <dd className="attempts">
        {record.attempts.length === 0 ? text.nothing : null}
        {record.attempts.map(({ code, fromMs, toMs }, index) => (
          <span key={fromMs}>
            {code === undefined || toMs === undefined
              ? text.running
              : text.attempt(index + 1, code, Math.round(toMs - fromMs))}
          </span>
        ))}
      </dd>
    </dl>
  );
}

/** The answer; of a stream every message that is still kept, the newest last. */
function Responses({ record }: { readonly record: CallRecord }) {
  const { time } = useServices();
  const text = words().inspector;
  const { responses, messageCount, method } = record;
  if (method.methodKind === "unary") {
    return <Block title={text.response} body={messageText(method.output, responses[0]?.message)} />;
  }
  const count = text.messages(messageCount, text.message);
  const kept = responses.length < messageCount ? text.newest(responses.length, messageCount) : "";
  return (
    <section aria-label={text.response}>
      <h3>{[text.response, count, kept].filter(Boolean).join(", ")}</h3>
      {responses.map(({ at, message }, index) => (
        <div className="received" key={messageCount - responses.length + index}>
          <time dateTime={new Date(at).toISOString()}>{time.clock(new Date(at))}</time>
          <pre className="code-block">{messageText(method.output, message)}</pre>
        </div>
      ))}
    </section>
  );
}

function Block({ title, body }: { readonly title: string; readonly body: string }) {
  if (body === "") return null;
  return (
    <section aria-label={title}>
      <h3 className="code-title">
        {title}
        <CopyButton text={body} what={title} />
      </h3>
      <pre className="code-block">{body}</pre>
    </section>
  );
}

import { words } from "../messages/messages.ts";
import type { Failure } from "../rpc/failure.ts";
import { CopyButton } from "./copy-button.tsx";

/** The sentence of a failure and the facts that somebody who helps will ask for. */
export function FailureText({
  failure,
  text,
}: {
  readonly failure: Failure;
  readonly text: string;
}) {
  return (
    <>
      <p>{text}</p>
      {failure.kind === "invalid" ? <p>{failure.detail}</p> : null}
      <p className="facts">
        <span>{words().failure.code(failure.code)}</span>
        {failure.requestId === undefined ? null : (
          <span className="request-id">
            {words().common.requestId(failure.requestId)}
            <CopyButton text={failure.requestId} what={words().common.requestId("").trim()} />
          </span>
        )}
      </p>
    </>
  );
}

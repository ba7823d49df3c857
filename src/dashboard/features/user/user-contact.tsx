import { useQuery } from "@connectrpc/connect-query";
import { useState } from "react";
import { UserService } from "../../../gen/user/v1/user_service_pb.ts";
import type { UserContact } from "../../../gen/user/v1/user_service_pb.ts";
import { AuthError } from "../../../lib/core/index.ts";
import { words } from "../../messages/messages.ts";
import { describeFailure } from "../../rpc/failure.ts";
import type { Failure } from "../../rpc/failure.ts";
import { useServices } from "../../services.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { FailureText } from "../../ui/failure-text.tsx";

/** Phone and address: shown on request, and after the person has proved to be there. */
export function UserContactSection({ id }: { readonly id: string }) {
  const [wanted, setWanted] = useState(false);
  const query = useQuery(
    UserService.method.getUserContact,
    { userId: id },
    { enabled: wanted, gcTime: 0 },
  );
  const reason = query.error ?? query.failureReason;
  const text = words().contact;
  return (
    <section aria-label={text.title}>
      <h3>{text.title}</h3>
      {wanted && query.data !== undefined ? (
        <ContactFacts contact={query.data} onHide={() => setWanted(false)} />
      ) : wanted && reason !== null ? (
        <Blocked failure={describeFailure(reason)} onRetry={() => void query.refetch()} />
      ) : (
        <div className="lock">
          <p>{text.hidden}</p>
          <button
            type="button"
            className="button primary small"
            aria-disabled={wanted}
            onClick={() => setWanted(true)}
          >
            {wanted ? words().common.loading : text.reveal}
          </button>
        </div>
      )}
    </section>
  );
}

function ContactFacts(props: { readonly contact: UserContact; readonly onHide: () => void }) {
  const { phoneNumber, addressLines } = props.contact;
  const text = words().contact;
  return (
    <dl>
      <dt>{text.phone}</dt>
      <dd>
        {phoneNumber === "" ? words().common.none : phoneNumber}
        {phoneNumber === "" ? null : <CopyButton text={phoneNumber} what={text.phone} />}
      </dd>
      <dt>{text.address}</dt>
      <dd>
        <address>
          {addressLines.length === 0 ? words().common.none : addressLines.join("\n")}
        </address>
      </dd>
      <dt />
      <dd>
        <button type="button" className="button small" onClick={props.onHide}>
          {text.hide}
        </button>
      </dd>
    </dl>
  );
}

/** Says what is in the way; a newer sign-in happens in another tab, so that this one stays. */
function Blocked(props: { readonly failure: Failure; readonly onRetry: () => void }) {
  const { failure, onRetry } = props;
  const { session } = useServices();
  const [problem, setProblem] = useState<string>();
  const text = words().contact;
  const { kind, scopes, acrValues, maxAgeSeconds } = failure;
  const interactive = kind === "step-up" || (kind === "denied" && scopes.length > 0);
  const ask = () => {
    if (!interactive) return onRetry();
    const freshness = maxAgeSeconds === undefined ? {} : { maxAgeSeconds };
    session.signIn({ mode: "tab", scopes, acrValues, ...freshness }).then(
      () => onRetry(),
      (reason: unknown) => setProblem(AuthError.from(reason).message),
    );
  };
  return (
    <div className="lock" role="alert">
      <div>
        {kind === "step-up" ? (
          <p>{text.stepUp}</p>
        ) : kind === "denied" ? (
          <FailureText failure={failure} text={text.denied} />
        ) : (
          <FailureText failure={failure} text={words().failure[kind].title} />
        )}
        {problem === undefined ? null : <p className="problem">{problem}</p>}
      </div>
      <button type="button" className="button primary small" onClick={ask}>
        {kind === "step-up" ? text.confirm : interactive ? text.ask : words().common.tryAgain}
      </button>
    </div>
  );
}

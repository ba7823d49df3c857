import { toJsonString } from "@bufbuild/protobuf";
import { useState } from "react";
import { UserSchema } from "../../../gen/user/v1/user_service_pb.ts";
import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { words } from "../../messages/messages.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import type { SeenChange } from "./use-live-user.ts";
import { UserOverview } from "./user-overview.tsx";

/** What {@link UserBody} needs. */
export interface UserBodyProps {
  readonly user: User;
  readonly changes: readonly SeenChange[];
}

/** What is known of a user, as words or as the message itself. */
export function UserBody({ user, changes }: UserBodyProps) {
  const [json, setJson] = useState(false);
  const text = words().user;
  return (
    <>
      <div className="tabs" role="group" aria-label={text.views}>
        <button type="button" aria-pressed={!json} onClick={() => setJson(false)}>
          {text.overview}
        </button>
        <button type="button" aria-pressed={json} onClick={() => setJson(true)}>
          {text.json}
        </button>
      </div>
      {json ? <UserJson user={user} /> : <UserOverview user={user} changes={changes} />}
    </>
  );
}

function UserJson({ user }: { readonly user: User }) {
  const json = toJsonString(UserSchema, user, { prettySpaces: 2, alwaysEmitImplicit: true });
  return (
    <div className="json">
      <CopyButton text={json} what={words().user.json} />
      <pre>{json}</pre>
    </div>
  );
}

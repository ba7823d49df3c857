import { ConnectError } from "@connectrpc/connect";
import { AuthError } from "connectrpc-oauth";
import { useState } from "react";
import { useAuth } from "react-oidc-context";
import type { Services } from "./services.ts";

/** The app: whoever is signed in looks a user up. */
export function App({ users }: Pick<Services, "users">) {
  const auth = useAuth();
  if (auth.isLoading) return <p>One moment.</p>;
  const signIn = () => void auth.signinRedirect();
  // Not `isAuthenticated`: a token that has expired is renewed with the next call.
  if (!auth.user) {
    return (
      <main>
        {auth.error === undefined ? null : <p role="alert">{auth.error.message}</p>}
        <button onClick={signIn}>Sign in</button>
      </main>
    );
  }
  return (
    <main>
      <p>Signed in as {auth.user.profile.name}.</p>
      <Lookup users={users} onSignIn={signIn} />
      <button onClick={() => void auth.signoutRedirect()}>Sign out</button>
    </main>
  );
}

interface Answer {
  readonly text: string;
  readonly needsPerson: boolean;
}

function Lookup(props: Pick<Services, "users"> & { readonly onSignIn: () => void }) {
  const [userId, setUserId] = useState("user123");
  const [answer, setAnswer] = useState<Answer>();
  const lookUp = async () => {
    setAnswer(undefined);
    setAnswer(await ask(props.users, userId));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void lookUp();
      }}
    >
      <label>
        User <input value={userId} onChange={(event) => setUserId(event.target.value)} />
      </label>
      <button>Look up</button>
      <p role="status">{answer?.text}</p>
      {answer?.needsPerson === true ? (
        <button type="button" onClick={props.onSignIn}>
          Sign in again
        </button>
      ) : null}
    </form>
  );
}

async function ask(users: Services["users"], userId: string): Promise<Answer> {
  try {
    const { id, name } = await users.getUser({ userId });
    return { text: `User: ${id}, Name: ${name}`, needsPerson: false };
  } catch (reason) {
    const code = AuthError.find(reason)?.code;
    const needsPerson = code === "interaction-required" || code === "signed-out";
    return { text: ConnectError.from(reason).rawMessage, needsPerson };
  }
}

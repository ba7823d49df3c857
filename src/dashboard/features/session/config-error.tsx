import { words } from "../../messages/messages.ts";
import { Mark } from "../../ui/icon.tsx";

/** The whole page when `config.json` has a mistake. `field` is empty for the file as a whole. */
export function ConfigErrorPage(props: { readonly field: string; readonly message: string }) {
  const text = words().configError;
  return (
    <main className="entrance">
      <div className="entrance-card" role="alert">
        <Mark />
        <h1>{text.title}</h1>
        {props.field === "" ? null : (
          <p>
            {text.field} <code className="mono">{props.field}</code>
          </p>
        )}
        <p>{props.message}</p>
        <p className="muted">{text.where}</p>
        <button type="button" className="button wide" onClick={() => location.reload()}>
          {text.reload}
        </button>
      </div>
    </main>
  );
}

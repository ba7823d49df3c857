import type { User } from "../gen/user/v1/user_service_pb.ts";
import { PaletteButton } from "./features/commands/palette-button.tsx";
import { SearchBox } from "./features/lookup/search-box.tsx";
import type { SearchText } from "./features/lookup/use-search-text.ts";
import { AccountMenu } from "./features/session/account-menu.tsx";
import { goHome, goTo, hrefOf } from "./lib/navigation.ts";
import { interpretSearch } from "./lib/search-intent.ts";
import type { View } from "./lib/view.ts";
import { words } from "./messages/messages.ts";
import { useServices } from "./services.ts";
import { Mark } from "./ui/icon.tsx";

/** What {@link Header} needs. */
export interface HeaderProps {
  readonly view: View;
  readonly search: SearchText;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
  readonly input: React.RefObject<HTMLInputElement | null>;
  /** The best match of what the address asks for, when it is there. */
  readonly first: () => User | undefined;
  /** The best match of this text is to be opened as soon as it is known. */
  readonly awaitBest: (text: string) => void;
}

/** The product, the search box, and who is signed in. */
export function Header(props: HeaderProps) {
  const { view, search, go, input, first, awaitBest } = props;
  const { config } = useServices();
  const submit = () => {
    search.enter(search.text);
    search.pause();
    const intent = interpretSearch(search.text, view.kind);
    if (intent.kind === "empty" && !search.live.searched) return undefined;
    if (intent.kind === "many") return goTo("/many", { state: { keys: intent.keys } });
    const settled = search.text === view.query && view.user === undefined;
    const best = settled ? first() : undefined;
    const id = best?.id ?? (intent.kind === "id" && settled ? intent.query : undefined);
    if (id !== undefined) go({ ...view, user: id });
    else if (view.user === undefined) awaitBest(search.text);
    return undefined;
  };
  return (
    <header className="bar-top">
      <h1 className="sr">{config.brand}</h1>
      <a className="skip" href="#main">
        {words().common.skipToResults}
      </a>
      <a className="brand" href={hrefOf("/")} onClick={goHome}>
        <Mark />
        <span>{config.brand}</span>
        <span className="env">{new URL(config.apiBaseUrl).hostname}</span>
      </a>
      <SearchBox
        view={view}
        search={search}
        input={input}
        onKind={(kind) => go({ ...search.live, kind, user: undefined }, { replace: true })}
        onSubmit={submit}
        onEscape={() => {
          const open = view.searched && view.user !== undefined;
          if (open) go({ ...view, user: undefined });
          return open;
        }}
      />
      <div className="who">
        <PaletteButton />
        <AccountMenu />
      </div>
    </header>
  );
}

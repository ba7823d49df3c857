import { words } from "../messages/messages.ts";
import { Icon } from "./icon.tsx";

/** The button at the end of a head that closes what is below it. */
export function CloseButton({ onClose }: { readonly onClose: () => void }) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={words().common.close}
      onClick={onClose}
    >
      <Icon name="close" />
    </button>
  );
}

import { useLayoutEffect } from "react";
import { useServices } from "../../services.ts";
import type { CommandActions } from "./commands.ts";

/**
 * Offers `actions` for as long as the component is there: from the first picture of it,
 * so that a key always does what the page shows.
 */
export function useCommands(actions: CommandActions): void {
  const { commands } = useServices();
  useLayoutEffect(() => commands.provide(actions));
}

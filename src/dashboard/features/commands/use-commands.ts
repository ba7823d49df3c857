import { useEffect } from "react";
import { useServices } from "../../services.ts";
import type { CommandActions } from "./commands.ts";

/** Offers `actions` for as long as the component is there. */
export function useCommands(actions: CommandActions): void {
  const { commands } = useServices();
  useEffect(() => commands.provide(actions));
}

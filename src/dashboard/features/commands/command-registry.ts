import type { CommandActions, CommandId } from "./commands.ts";

/** Who can do which command now. Keys, buttons and the palette all go through it. */
export interface CommandRegistry {
  /** Says how commands are done, until the returned function is called. Who came last decides. */
  provide(actions: CommandActions): () => void;
  /** Whether somebody can do this now. */
  can(id: CommandId): boolean;
  /** Does it; false when nobody can. */
  run(id: CommandId): boolean;
}

/** A registry in which nobody can do anything yet. */
export function createCommandRegistry(): CommandRegistry {
  const providers: CommandActions[] = [];
  const find = (id: CommandId) => providers.findLast((actions) => actions[id] !== undefined)?.[id];
  return {
    provide(actions) {
      providers.push(actions);
      return () => void providers.splice(providers.indexOf(actions), 1);
    },
    can: (id) => find(id) !== undefined,
    run(id) {
      const action = find(id);
      action?.();
      return action !== undefined;
    },
  };
}

import { UsageError } from "./usage-error.ts";
import type { World } from "./world.ts";

// BatchGetUsers takes no more at once.
const batchSize = 1_000;

/**
 * The ids of the command line, or of standard input when there are none or one
 * is "-": one a line, in batches. @throws UsageError when there are none at all
 */
export async function* readBatches(
  ids: readonly string[],
  { input }: Pick<World, "input">,
): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  let isEmpty = true;
  for await (const line of sources(ids, input)) {
    const id = line.trim();
    if (id === "") continue;
    isEmpty = false;
    batch.push(id);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
  if (isEmpty) throw new UsageError("There is no id. Type user-lookup user123, or --help.");
}

async function* sources(ids: readonly string[], input: World["input"]): AsyncGenerator<string> {
  if (ids.length === 0 && !input.isTerminal) yield* input.lines();
  for (const id of ids) {
    if (id === "-") yield* input.lines();
    else yield id;
  }
}

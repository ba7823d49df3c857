// Vite turns it into a style sheet of the page.
// oxlint-disable-next-line import/no-unassigned-import
import "./ui/css/main.css";
import { painted } from "./lib/painted.ts";
import { reloadOnceWhenReplaced } from "./lib/reload-once.ts";

/**
 * The page's entry. What index.html shows comes first; then the large parts of
 * the program, fetched together and run in a task each, so that no key and no
 * click waits for all of them.
 */
async function boot(): Promise<void> {
  reloadOnceWhenReplaced();
  await painted();
  // The build lists the parts in a template, which the browser leaves alone until now.
  const parts = contentOf("parts");
  if (parts !== undefined) document.head.append(parts);
  try {
    const main = await loadMain();
    await main();
  } catch (reason) {
    tellMissing();
    // Monitoring of the page hears of it, too.
    throw reason;
  }
}

async function loadMain(): Promise<() => Promise<void>> {
  await import("react-dom/client");
  await import("./rpc/descriptors.ts");
  await import("../gen/connectrpc_oauth/v1/method_pb.ts");
  return (await import("./main.tsx")).main;
}

/** There are no words yet, nor React: what is said lies in index.html. */
function tellMissing(): void {
  const told = contentOf("missing");
  if (told !== undefined) document.querySelector(".opening[role]")?.replaceWith(told);
}

function contentOf(id: string): DocumentFragment | undefined {
  return document.querySelector<HTMLTemplateElement>(`template#${id}`)?.content;
}

void boot();

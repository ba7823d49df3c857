/**
 * Moves the focus to the next or the previous row of the results, and says
 * which user's row it is. Begins at the open user's row when no row has it.
 */
export function moveRowFocus(step: 1 | -1, openId: string | undefined): string | undefined {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("a[data-row-link]")];
  if (links.length === 0) return undefined;
  const focused = links.findIndex((link) => link === document.activeElement);
  const at =
    focused === -1 ? links.findIndex((link) => link.dataset["rowLink"] === openId) : focused;
  const next = at === -1 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1);
  const link = links[next];
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
  return link?.dataset["rowLink"];
}

/** Gives the focus to the row of a user, if it is there. */
export function focusRow(id: string | undefined): void {
  const links = document.querySelectorAll<HTMLAnchorElement>("a[data-row-link]");
  const link = [...links].find((candidate) => candidate.dataset["rowLink"] === id);
  link?.focus({ preventScroll: true });
}

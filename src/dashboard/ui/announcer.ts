let region: HTMLElement | null = null;

/**
 * Says something to people who use a screen reader. The text goes into the
 * polite live region that the app renders with the id `announcements`.
 */
export function announce(text: string): void {
  region ??= document.getElementById("announcements");
  if (region === null) return;
  // The same words twice would not be read again.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

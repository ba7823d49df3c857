import { BYTE_ORDER_MARK } from "../../lib/csv.ts";

const KEPT_MS = 60_000;

/**
 * Gives the parts, lines of CSV, to the browser as one file to download, named
 * after `what` and today. Returns the name.
 */
export function saveCsv(what: string, parts: readonly BlobPart[]): string {
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
  const file = new Blob([BYTE_ORDER_MARK, ...parts], { type: "text/csv;charset=utf-8" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${what}-${day}.csv`;
  link.click();
  // A browser that asks where to save it reads the file only after the answer.
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
  return link.download;
}

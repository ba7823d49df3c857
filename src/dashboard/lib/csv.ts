// What a spreadsheet takes for the beginning of a formula, also in full width.
const FORMULA = /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
// Where a semicolon or a tab separates cells, one stands in the middle of the text.
const HIDDEN_FORMULA = /([;\t]["'\s]*)(?=[=+\-@])/g;

/** The mark that makes a spreadsheet read a file as UTF-8. */
export const BYTE_ORDER_MARK = "\ufeff";

/**
 * One line of CSV (RFC 4180), with its line end. A field that a spreadsheet
 * would run as a formula is made harmless by an apostrophe.
 */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

function csvField(value: string): string {
  const inert = value.replace(HIDDEN_FORMULA, "$1'");
  const safe = FORMULA.test(inert) ? `'${inert}` : inert;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

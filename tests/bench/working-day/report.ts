import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "./client.ts";
import { seeds } from "./day.ts";
import type { DayFigures } from "./tally.ts";

const root = join(import.meta.dirname, "../../..");
const start = "<!-- working-day:start -->";
const end = "<!-- working-day:end -->";

const columns: readonly { readonly title: string; readonly cell: (days: Days) => string }[] = [
  { title: "Avoidable failures", cell: (days) => total(days, "avoidableFailures") },
  { title: "Failed calls", cell: (days) => total(days, "failedCalls") },
  { title: "Calls that waited", cell: (days) => total(days, "waitingCalls") },
  { title: "Token requests", cell: (days) => total(days, "tokenRequests") },
  { title: "Sign-outs", cell: (days) => total(days, "signOuts") },
  { title: "Longest gap", cell: (days) => `${longest(days).toFixed(1)} s` },
];

type Days = readonly DayFigures[];

/** The paragraph that says what was measured, and the table. */
export function createReport(results: readonly (readonly [Client, Days])[]): string {
  const rows = results.map(([client, days]) => [
    `${[client.name, client.version].join(" ").trim()}: ${client.configuration}`,
    ...columns.map(({ cell }) => cell(days)),
  ]);
  const calls = total(results[0]?.[1] ?? [], "calls");
  return [
    explain(calls),
    ...align([["Client", ...columns.map(({ title }) => title)], ...rows]),
  ].join("\n");
}

/** Puts the table into the README, and the whole into docs/working-day.md, between the markers there. */
export function writeReport(report: string): void {
  replaceIn("README.md", report.slice(report.indexOf("\n| ") + 1));
  replaceIn("docs/working-day.md", report);
}

function replaceIn(document: string, content: string): void {
  const path = join(root, document);
  const text = readFileSync(path, "utf8");
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`${document} has no place for the table. Add ${start} and ${end} to it.`);
  }
  writeFileSync(path, `${before}${start}\n\n${content}\n\n${end}${after}`);
}

function explain(calls: string): string {
  return (
    `\`npm run bench -- working-day\` runs the real code of each client through ${seeds.length} working days ` +
    `on virtual time: 8 hours, three tabs that each call once a second (${calls} calls in all), 5-minute tokens, ` +
    "an issuer that rotates refresh tokens and revokes a session when one is used twice, a laptop that is closed " +
    "for 45 and for 20 minutes and has its network back 2 seconds after it is opened, 2 minutes in which the token " +
    "endpoint answers 503, and 2 minutes without network. A failure is avoidable when the network worked, and the " +
    "issuer worked or the client still held a valid token. A call waited when it spent more than 5 ms on anything " +
    "but the API. A sign-out is a person who has seen nothing but avoidable errors in a tab for 30 seconds, while the issuer worked, and signs " +
    "in again. The longest gap is the longest time in which a tab got no answer although network and issuer worked; " +
    "1 s is the pace of the calls. Not modelled: slow timers of hidden tabs, lost answers other than at an outage, " +
    "and an issuer that forgives a refresh token that is used twice. Numbers are sums over all days.\n"
  );
}

function total(days: Days, figure: keyof DayFigures): string {
  return days.reduce((sum, day) => sum + day[figure], 0).toLocaleString("en");
}

function longest(days: Days): number {
  return Math.max(...days.map((day) => day.longestGapSeconds));
}

/** A table as the formatter leaves it: padded columns, numbers to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, at) =>
    at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  const [head = [], ...body] = rows;
  return [line(head), `| ${rule.join(" | ")} |`, ...body.map(line)];
}

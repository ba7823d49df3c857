import type { PeerRun, Row } from "./rows.ts";

/** The document below its sections. */
const introduction = `# Compatibility

Written by \`npm run test:interop -- --write\` from a real run: each suite installs its peer from a
package registry, starts it on this machine and tries one feature after the other. Edit nothing
here; edit the tests in \`tests/interop\`.
`;

/** The section of each peer in a document, by the peer's name. */
export type Sections = ReadonlyMap<string, string>;

/** Takes a document apart. */
export function parseDocument(text: string): Sections {
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const end = section.indexOf("\n");
      return [section.slice(0, end).trim(), section.slice(end).trim()];
    }),
  );
}

/** The document after a run: a peer that was not run keeps the section it had. */
export function renderDocument(before: Sections, runs: readonly PeerRun[]): string {
  const sections = new Map(before);
  for (const run of runs) {
    if (run.missing === undefined || !sections.has(run.peer)) {
      sections.set(run.peer, renderSection(run));
    }
  }
  const all = [...sections].toSorted(([a], [b]) => a.localeCompare(b, "en"));
  const bodies = all.map(([name, section]) => `## ${name}\n\n${section}\n`);
  return [introduction, summary(all), ...bodies].join("\n");
}

/** One line for each peer: how many features pass, and how many deviate. */
function summary(sections: readonly (readonly [string, string])[]): string {
  const rows = sections.map(([name, section]) => {
    const version = /^Version (.*)\.$/m.exec(section)?.[1] ?? "not run";
    const passing = section.match(/\| passes(?:, see \d+)? \|$/gm)?.length ?? 0;
    const failing = section.match(/\| fails(?:, see \d+)? \|$/gm)?.length ?? 0;
    const deviations = section.match(/^\d+\. /gm)?.length ?? 0;
    return `| ${name} | ${version} | ${passing} | ${failing} | ${deviations} |`;
  });
  const head = ["| peer | version | pass | fail | deviations |", "| --- | --- | --- | --- | --- |"];
  return `${[...head, ...rows].join("\n")}\n`;
}

/**
 * One sentence for each feature that the document tells otherwise than the run.
 * Versions may differ: registries move on.
 */
export function differences(before: Sections, runs: readonly PeerRun[]): readonly string[] {
  return runs.flatMap((run) => {
    if (run.missing !== undefined) return [];
    const told = lines(before.get(run.peer) ?? "");
    const found = lines(renderSection(run));
    return [
      ...found.filter((line) => !told.includes(line)).map((line) => `${run.peer}: + ${line}`),
      ...told.filter((line) => !found.includes(line)).map((line) => `${run.peer}: - ${line}`),
    ];
  });
}

function renderSection({ version, missing, rows }: PeerRun): string {
  if (missing !== undefined) return `Not run: ${missing}.`;
  const deviations = rows.flatMap(({ deviation }) => (deviation === undefined ? [] : [deviation]));
  const notes = deviations.map((deviation, index) => `${index + 1}. ${deviation}`);
  return [
    `Version ${version}.`,
    "",
    "| feature | result |",
    "| --- | --- |",
    ...rows.map((row) => `| ${row.feature} | ${result(row, deviations)} |`),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ].join("\n");
}

function result(row: Row, deviations: readonly string[]): string {
  if (row.deviation === undefined) return row.result;
  return `${row.result}, see ${deviations.indexOf(row.deviation) + 1}`;
}

function lines(section: string): readonly string[] {
  return section.split("\n").filter((line) => /^(\| (?!feature \||---)|\d+\. )/.test(line));
}

import { useState } from "react";
import { csvLine } from "../../lib/csv.ts";
import { linkTo } from "../../lib/navigation.ts";
import { userPath } from "../../lib/view-url.ts";
import { words } from "../../messages/messages.ts";
import { announce } from "../../ui/announcer.ts";
import { useCopy } from "../../ui/copy-button.tsx";
import { cellOf } from "./columns.tsx";
import { csvFieldOf } from "./csv-field.ts";
import { saveCsv } from "./save-csv.ts";
import type { BatchLine } from "./use-batch.ts";

const COLUMNS = ["id", "email", "status", "signed-in"] as const;
const ROWS_AT_ONCE = 500;

/** Who was found and who is missing, in the order of the list. */
export function BatchResult({ lines }: { readonly lines: readonly BatchLine[] }) {
  const { batch, filters, results } = words();
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const missing = lines.filter(({ user }) => user === undefined).map(({ key }) => key);
  const [, copy] = useCopy(batch.missing(missing.length));
  const rest = Math.min(lines.length - shown, ROWS_AT_ONCE);
  return (
    <section className="batch-result">
      <div className="tools">
        <span role="status">
          {batch.summary(lines.length, lines.length - missing.length, missing.length)}
        </span>
        {missing.length === 0 ? null : (
          <button type="button" className="button small" onClick={() => copy(missing.join("\n"))}>
            {batch.copyMissing}
          </button>
        )}
        <button type="button" className="button small" onClick={() => exportLines(lines)}>
          {filters.exportCsv}
        </button>
      </div>
      <Lines lines={lines.slice(0, shown)} />
      {rest > 0 ? (
        <div className="more">
          <button type="button" className="button" onClick={() => setShown(shown + rest)}>
            {results.more(rest)}
          </button>
        </div>
      ) : null}
    </section>
  );
}

function Lines({ lines }: { readonly lines: readonly BatchLine[] }) {
  const { batch, columns } = words();
  return (
    <div className="batch-rows">
      <table className="results">
        <caption className="sr">{batch.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{batch.key}</th>
            <th scope="col">{columns.name}</th>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row key={line.key} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ line: { key, user } }: { readonly line: BatchLine }) {
  const { batch, results } = words();
  if (user === undefined) {
    return (
      <tr className="missing">
        <th scope="row" className="mono">
          {key}
        </th>
        <td colSpan={COLUMNS.length + 1}>{batch.notFound}</td>
      </tr>
    );
  }
  return (
    <tr>
      <th scope="row" className="mono">
        {key}
      </th>
      <td className="col-name">
        <a {...linkTo(userPath(user.id))}>{user.name === "" ? results.unnamed : user.name}</a>
      </td>
      {COLUMNS.map((column) => (
        <td key={column}>{cellOf(column, user, "")}</td>
      ))}
    </tr>
  );
}

/** Writes the lines as they are shown, the missing ones with nothing behind their key. */
function exportLines(lines: readonly BatchLine[]): void {
  const { batch, columns, exporting } = words();
  const shown = ["name", ...COLUMNS] as const;
  const head = csvLine([batch.key, ...shown.map((column) => columns[column])]);
  const rows = lines.map(({ key, user }) =>
    csvLine([key, ...shown.map((column) => (user === undefined ? "" : csvFieldOf(user, column)))]),
  );
  announce(exporting.done(lines.length, saveCsv("lookup", [head, ...rows])));
}

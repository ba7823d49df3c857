/**
 * Compares the built site and the library with their budgets, prints a table,
 * and fails when something is too big or is where it must not be.
 */
import { measureLibrary } from "./bundle-size/library.ts";
import { measureSite } from "./bundle-size/site.ts";

const site = await measureSite("dist/site");
const measurements = [...site.measurements, ...(await measureLibrary())];

for (const { name, bytes, limit, parts } of measurements) {
  const size = `${kilobytes(bytes).padStart(7)} of ${kilobytes(limit)}`;
  console.log(`${bytes <= limit ? "ok  " : "FAIL"} ${size}  ${name}`);
  if (bytes > limit) console.log(parts.join("\n"));
}
for (const leak of site.leaks) console.log(`FAIL ${leak}`);

const failed = site.leaks.length > 0 || measurements.some((each) => each.bytes > each.limit);
process.exitCode = failed ? 1 : 0;

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

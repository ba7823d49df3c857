import { expect, test } from "vitest";
import { chooseCoding } from "../../../scripts/site-server.ts";

test.each([
  [undefined, "identity"],
  ["", "identity"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip;q=1.0, *;q=0.5", "gzip"],
  ["BR", "br"],
  ["br;q=0, gzip", "gzip"],
  ["br; q=0.000, gzip;q=0", "identity"],
  ["br;q=0.5", "br"],
])("Accept-Encoding %j is answered with %s", (accepted, coding) => {
  expect(chooseCoding(accepted)).toBe(coding);
});

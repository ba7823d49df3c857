// A process that renews by the refresh token of a file, several times in a row.
import { refreshToken } from "../../src/lib/grants/index.ts";
import { openTokenFile } from "../../src/lib/node/index.ts";

const [, , path = "", tokenUrl = "", times = "1"] = process.argv;
const grant = openTokenFile(path).grant((current, onRotated) =>
  refreshToken({ tokenUrl, clientId: "cli", refreshToken: current, onRotated }),
);
for (let count = 0; count < Number(times); count += 1) {
  await grant({ signal: AbortSignal.timeout(20_000) });
}

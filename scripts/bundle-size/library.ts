import { build } from "vite";
import type { Rolldown } from "vite";
import { biggestParts, gzipBytes, type Measurement } from "./measure.ts";

/** What an app pays for one use of the library. */
interface Budget {
  readonly name: string;
  /** The code of the app. */
  readonly code: string;
  /** Packages that the app has anyway, or that have a budget of their own. */
  readonly without: readonly string[];
  /** Uses that are paid for already: only what this one adds to them counts. */
  readonly beyond?: string;
  /** Bytes after gzip. */
  readonly limit: number;
}

const rpc = ["@connectrpc/connect", "@bufbuild/protobuf"];

const core = 'export { createAuthInterceptor, createTokenSource } from "/src/lib/core/index.ts";';
const refreshGrant = 'export { refreshToken } from "/src/lib/grants/index.ts";';

const budgets: readonly Budget[] = [
  { name: "token source and interceptor", code: core, without: rpc, limit: 6_000 },
  {
    name: "refresh grant with oauth4webapi",
    code: refreshGrant,
    without: rpc,
    limit: 6_000,
  },
  {
    name: "browser session beyond those two and its dependencies",
    code: 'export { createBrowserSession } from "/src/lib/browser/index.ts";',
    beyond: core + refreshGrant,
    without: [...rpc, "oidc-client-ts", "oauth4webapi"],
    limit: 12_000,
  },
];

/** Bundles each use as an app would, and measures it. */
export async function measureLibrary(): Promise<readonly Measurement[]> {
  return Promise.all(budgets.map(measure));
}

async function measure(budget: Budget): Promise<Measurement> {
  const { name, beyond = "", code, limit } = budget;
  const scripts = await bundle(budget, beyond + code);
  const paid = beyond === "" ? 0 : bytesOf(await bundle(budget, beyond));
  const modules = scripts.flatMap((chunk) => Object.entries(chunk.modules));
  return {
    name: `library, ${name}`,
    bytes: bytesOf(scripts) - paid,
    limit,
    parts: biggestParts(
      modules.map(([id, { renderedLength }]) => ({ id, length: renderedLength })),
      moduleName,
    ),
  };
}

type Script = Pick<Rolldown.OutputChunk, "code" | "modules">;

async function bundle({ without }: Budget, code: string): Promise<readonly Script[]> {
  const entry = "virtual:use-of-the-library";
  const result = await build({
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "use-of-the-library",
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
    build: {
      write: false,
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: "strict",
        external: (id) => without.some((each) => id === each || id.startsWith(`${each}/`)),
      },
    },
  });
  const chunks = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  return chunks.filter((chunk) => chunk.type === "chunk");
}

function bytesOf(scripts: readonly Script[]): number {
  return scripts.reduce((total, { code }) => total + gzipBytes(code), 0);
}

/** The path of a module from the repository on. */
function moduleName(id: string): string {
  return id.replace(/^.*\/(?=(?:node_modules|src)\/)/, "");
}

import { build } from "vite";
import { biggestParts, gzipBytes, type Measurement } from "./measure.ts";

/** What an app pays for one use of the library. */
interface Budget {
  readonly name: string;
  /** The code of the app. */
  readonly code: string;
  /** Packages that the app has anyway, or that have a budget of their own. */
  readonly without: readonly string[];
  /** Bytes after gzip. */
  readonly limit: number;
}

const rpc = ["@connectrpc/connect", "@bufbuild/protobuf"];

const budgets: readonly Budget[] = [
  {
    name: "token source and interceptor",
    code: 'export { createAuthInterceptor, createTokenSource } from "/src/lib/core/index.ts";',
    without: rpc,
    limit: 6_000,
  },
  {
    name: "refresh grant with oauth4webapi",
    code: 'export { refreshToken } from "/src/lib/grants/index.ts";',
    without: rpc,
    limit: 6_000,
  },
  {
    name: "browser session without oidc-client-ts",
    code: 'export { createBrowserSession } from "/src/lib/browser/index.ts";',
    without: [...rpc, "oidc-client-ts", "oauth4webapi"],
    limit: 12_000,
  },
];

/** Bundles each use as an app would, and measures it. */
export async function measureLibrary(): Promise<readonly Measurement[]> {
  return Promise.all(budgets.map(measure));
}

async function measure({ name, code, without, limit }: Budget): Promise<Measurement> {
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
  const scripts = chunks.filter((chunk) => chunk.type === "chunk");
  const modules = scripts.flatMap((chunk) => Object.entries(chunk.modules));
  return {
    name: `library, ${name}`,
    bytes: scripts.reduce((total, chunk) => total + gzipBytes(chunk.code), 0),
    limit,
    parts: biggestParts(
      modules.map(([id, { renderedLength }]) => ({ id, length: renderedLength })),
      moduleName,
    ),
  };
}

/** The path of a module from the repository on. */
function moduleName(id: string): string {
  return id.replace(/^.*\/(?=(?:node_modules|src)\/)/, "");
}

/** A folder of `src` and what it may know. */
export interface Room {
  /** Its folder below `src`. */
  readonly name: string;
  /** The other rooms it may import. */
  readonly rooms: readonly string[];
  /** The packages it may import, or `any` where the room is not published. */
  readonly packages: readonly string[] | "any";
  /** Whether it may import Node's built-in modules. */
  readonly builtins: boolean;
}

const rpc = ["@connectrpc/connect", "@bufbuild/protobuf"];
const options = ["gen/connectrpc_oauth", "gen/google/rpc"];
const everyGenerated = [...options, "gen/user"];

/**
 * Who may import whom, as the design has it. A room of `lib` may name only the
 * packages listed here, so that a client of one subpath never loads the
 * dependencies of another.
 */
export const rooms: readonly Room[] = [
  { name: "gen/connectrpc_oauth", rooms: [], packages: rpc, builtins: false },
  { name: "gen/google/rpc", rooms: [], packages: rpc, builtins: false },
  { name: "gen/user", rooms: options, packages: rpc, builtins: false },
  { name: "lib/core", rooms: options, packages: rpc, builtins: false },
  {
    name: "lib/grants",
    rooms: ["lib/core"],
    packages: [...rpc, "oauth4webapi", "jose"],
    builtins: false,
  },
  {
    name: "lib/browser",
    rooms: ["lib/core", "lib/grants"],
    packages: [...rpc, "oidc-client-ts", "oauth4webapi"],
    builtins: false,
  },
  { name: "lib/react", rooms: ["lib/core"], packages: ["react"], builtins: false },
  {
    name: "lib/node",
    rooms: ["lib/core"],
    packages: [...rpc, "@connectrpc/connect-node"],
    builtins: true,
  },
  {
    name: "lib/server",
    rooms: ["lib/core", "gen/google/rpc"],
    packages: [...rpc, "@connectrpc/connect-node", "jose"],
    builtins: true,
  },
  { name: "site", rooms: [], packages: [], builtins: false },
  {
    name: "dashboard",
    rooms: ["lib/core", "lib/grants", "lib/browser", "lib/react", "site", ...everyGenerated],
    packages: "any",
    builtins: false,
  },
  {
    name: "cli",
    rooms: ["lib/core", "lib/grants", "lib/node", "site", ...everyGenerated],
    packages: "any",
    builtins: true,
  },
  {
    name: "backend",
    rooms: ["lib/server", ...everyGenerated],
    packages: "any",
    builtins: true,
  },
];

/** The room of a file below the root, for example `src/lib/core/index.ts`. */
export function roomOf(path: string): Room | undefined {
  return rooms.find((room) => path.startsWith(`src/${room.name}/`));
}

import { dirname } from "node:path";
import { buildSite } from "./start/site-build.ts";

const root = dirname(import.meta.dirname);

await buildSite({ root, force: true });

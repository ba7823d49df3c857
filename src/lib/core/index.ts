export { rule } from "./probe.ts";

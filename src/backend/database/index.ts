export { inTransaction } from "./in-transaction.ts";
export { openDatabase } from "./open-database.ts";

export { seedUsers } from "./seed.ts";
export { createUserStore } from "./store.ts";
export type { UserStore } from "./store.ts";
export { createUsersApi } from "./users-api.ts";
export type { UsersApi, UsersApiOptions } from "./users-api.ts";

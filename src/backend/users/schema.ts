/** The tables of the user store. */
export const usersSchema = "";

/** Where everything is: the seed's addresses, and the files of `npm start -- --tls`. */
const { env } = process;

export const tokenUrl = env["TOKEN_URL"] ?? "https://localhost:9445/oauth2/token";
export const helloUrl = env["HELLO_URL"] ?? "https://localhost:9090";
export const dataDir = env["DATA_DIR"] ?? ".data";
/** The authority of both certificates. */
export const caFile = env["CA_FILE"] ?? `${dataDir}/tls/ca.pem`;

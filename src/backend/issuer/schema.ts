/**
 * The issuer's tables: what oidc-provider stores (sessions, grants, codes, refresh tokens, used assertion ids), and the
 * credentials of confidential clients. Ids of tokens are kept as SHA-256, secrets as scrypt; times are epoch seconds.
 */
export const issuerSchema = `
CREATE TABLE issuer_records (
  model TEXT NOT NULL,
  id_hash TEXT NOT NULL,
  payload TEXT NOT NULL,
  grant_id TEXT,
  uid TEXT,
  expires_at INTEGER NOT NULL,
  consumed_at INTEGER,
  PRIMARY KEY (model, id_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX issuer_records_by_grant ON issuer_records (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX issuer_records_by_uid ON issuer_records (model, uid) WHERE uid IS NOT NULL;
CREATE INDEX issuer_records_by_expiry ON issuer_records (expires_at);

CREATE TABLE issuer_clients (
  client_id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL
) STRICT;
`;

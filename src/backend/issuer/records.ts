import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Adapter, AdapterPayload } from "oidc-provider";
import { errors } from "oidc-provider";
import { asReplayed, asUnused, isReplayed, mayReplay } from "./refresh-replay.ts";
import type { RefreshReplay } from "./refresh-replay.ts";

/** How many expired rows one sweep removes at most, so that no request waits long for the write lock. */
const SWEEP_LIMIT = 1_000;

/** A used-up row is kept a little past its end, so that a late replay is still told from an unknown token. */
const KEPT_PAST_EXPIRY_SECONDS = 60;

/** What oidc-provider stores, in the table `issuer_records`. */
export interface Records {
  /** The storage of one of oidc-provider's models, such as RefreshToken. */
  adapter(model: string): Adapter;
  /**
   * Marks an identifier as used until `expiresAt` (epoch seconds), in one statement: of many callers at the same time,
   * in any number of processes, exactly one gets `true`.
   */
  markUsed(issuer: string, identifier: string, expiresAt: number): boolean;
  /** Ends every grant and what was issued under it. Answers how many refresh tokens there were. */
  revokeAll(): number;
  /** Removes expired rows, a bounded number at a time; whether there may be more. */
  sweep(): boolean;
}

/** The records of `database`; `nowMs` is milliseconds since the epoch. Without `replay` every token works once. */
export function createRecords(
  database: DatabaseSync,
  nowMs: () => number,
  replay?: RefreshReplay,
): Records {
  const nowSeconds = () => Math.floor(nowMs() / 1000);
  const mark = database.prepare(
    `INSERT INTO issuer_records (model, id_hash, payload, expires_at) VALUES ('UsedIdentifier', ?, '{}', ?)
     ON CONFLICT (model, id_hash) DO UPDATE SET expires_at = excluded.expires_at WHERE expires_at <= ?`,
  );
  const sweep = database.prepare(
    `DELETE FROM issuer_records WHERE (model, id_hash) IN
     (SELECT model, id_hash FROM issuer_records WHERE expires_at < ? LIMIT ${SWEEP_LIMIT})`,
  );
  const revokeAll = database.prepare(
    "DELETE FROM issuer_records WHERE model IN ('Grant', 'RefreshToken', 'AuthorizationCode') RETURNING model",
  );
  return {
    adapter(model) {
      const adapter = createAdapter(database, model, nowSeconds);
      if (model !== "RefreshToken" || replay === undefined || replay.graceSeconds === 0)
        return adapter;
      return withReplay(adapter, replay, nowSeconds);
    },
    markUsed(issuer, identifier, expiresAt) {
      const id = hashOf(JSON.stringify([issuer, identifier]));
      return mark.run(id, Math.ceil(expiresAt), nowSeconds()).changes === 1;
    },
    revokeAll: () => revokeAll.all().filter((row) => row["model"] === "RefreshToken").length,
    sweep: () => sweep.run(nowSeconds() - KEPT_PAST_EXPIRY_SECONDS).changes === SWEEP_LIMIT,
  };
}

/** Ids of tokens are bearer secrets: only their SHA-256 is stored, so that a copy of the database opens nothing. */
function hashOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}

/** A session is also found by its uid, and is then saved under its id; its id is worth nothing without its signature. */
function keepsItsId(model: string): boolean {
  return model === "Session";
}

function createAdapter(database: DatabaseSync, model: string, nowSeconds: () => number): Adapter {
  const sql = prepareStatements(database);
  return {
    async upsert(id, payload, expiresIn) {
      const expiresAt = nowSeconds() + (expiresIn ?? 0);
      const stored = keepsItsId(model) ? payload : { ...payload, jti: undefined };
      const { grantId, uid } = payload;
      const json = JSON.stringify(stored);
      sql.upsert.run(model, hashOf(id), json, grantId ?? null, uid ?? null, expiresAt);
    },
    async find(id) {
      const payload = parseRow(sql.find.get(model, hashOf(id)));
      return payload === undefined ? undefined : { ...payload, jti: id };
    },
    async findByUid(uid) {
      return parseRow(sql.findByUid.get(model, uid));
    },
    /** The device grant is switched off, so nothing has a user code. */
    async findByUserCode() {
      return undefined;
    },
    async consume(id) {
      // Finding and consuming are two steps in oidc-provider; only this condition makes one of two racers lose.
      if (sql.consume.run(nowSeconds(), model, hashOf(id)).changes === 0) {
        throw new errors.InvalidGrant(`${model} was consumed by another request at the same time`);
      }
    },
    async destroy(id) {
      sql.destroy.run(model, hashOf(id));
    },
    async revokeByGrantId(grantId) {
      sql.revoke.run(model, grantId);
    },
  };
}

/** Refresh tokens that may come again for a while; `consumed_at` stays the time of the first use. */
function withReplay(adapter: Adapter, replay: RefreshReplay, nowSeconds: () => number): Adapter {
  const isReplay = async (id: string): Promise<boolean> => {
    const token = await adapter.find(id);
    const consumed = consumedAt(token);
    if (!token || consumed === undefined) return false;
    const successor = consumedAt(await adapter.find(replay.successorOf(id)));
    const firstUse = {
      consumedAt: consumed,
      successorUsed: successor !== undefined,
      cameOfReplay: isReplayed(token),
    };
    return mayReplay(replay, firstUse, nowSeconds());
  };
  return {
    ...adapter,
    async upsert(id, payload, expiresIn) {
      // Rotation saves each token once, so one that is there already is given out again.
      const again = (await adapter.find(id)) !== undefined;
      await adapter.upsert(id, again ? asReplayed(payload) : payload, expiresIn);
    },
    async find(id) {
      const payload = await adapter.find(id);
      return payload !== undefined && (await isReplay(id)) ? asUnused(payload) : payload;
    },
    async consume(id) {
      try {
        await adapter.consume(id);
      } catch (error) {
        if (!(await isReplay(id))) throw error;
      }
    },
  };
}

function consumedAt(payload: AdapterPayload | undefined | void): number | undefined {
  const consumed: unknown = payload?.consumed;
  return typeof consumed === "number" ? consumed : undefined;
}

function prepareStatements(database: DatabaseSync) {
  return {
    upsert: database.prepare(
      `INSERT INTO issuer_records (model, id_hash, payload, grant_id, uid, expires_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (model, id_hash) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
       uid = excluded.uid, expires_at = excluded.expires_at`,
    ),
    find: database.prepare(
      "SELECT payload, consumed_at FROM issuer_records WHERE model = ? AND id_hash = ?",
    ),
    findByUid: database.prepare(
      "SELECT payload, consumed_at FROM issuer_records WHERE model = ? AND uid = ?",
    ),
    consume: database.prepare(
      "UPDATE issuer_records SET consumed_at = ? WHERE model = ? AND id_hash = ? AND consumed_at IS NULL",
    ),
    destroy: database.prepare("DELETE FROM issuer_records WHERE model = ? AND id_hash = ?"),
    revoke: database.prepare("DELETE FROM issuer_records WHERE model = ? AND grant_id = ?"),
  };
}

function parseRow(row: Record<string, unknown> | undefined): AdapterPayload | undefined {
  if (typeof row?.["payload"] !== "string") return undefined;
  const payload: AdapterPayload = JSON.parse(row["payload"]);
  const consumed = row["consumed_at"];
  return consumed === null ? payload : { ...payload, consumed };
}

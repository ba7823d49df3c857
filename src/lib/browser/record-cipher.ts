/** A key that no script can export. `id` tells it from a later one. */
export interface StoredKey {
  readonly id: string;
  readonly key: CryptoKey;
}

/** A record as it lies in the database. */
export interface SealedRecord {
  readonly revision: string;
  /** Absent when the record was removed. */
  readonly sealed?: { readonly iv: Uint8Array; readonly data: ArrayBuffer } | undefined;
}

/** A record is there, but nobody can read it any more. */
export class UnreadableRecordError extends Error {
  override readonly name = "UnreadableRecordError";
  readonly revision: string;

  constructor(revision: string, cause?: unknown) {
    super("The stored record cannot be decrypted.", { cause });
    this.revision = revision;
  }
}

/** A new AES-GCM key; script can use it, and never read it. */
export async function createKey(): Promise<StoredKey> {
  const usages: KeyUsage[] = ["encrypt", "decrypt"];
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, usages);
  return { id: crypto.randomUUID(), key };
}

/** Whether the database gave back a key, and not something broken. */
export function isStoredKey(value: unknown): value is StoredKey {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    typeof value.id === "string" &&
    "key" in value &&
    value.key instanceof CryptoKey
  );
}

/** The revision of whatever lies in the database, also of something broken. */
export function revisionOf(record: unknown): string | undefined {
  if (record === undefined) return undefined;
  if (typeof record !== "object" || record === null || !("revision" in record)) return "unreadable";
  return typeof record.revision === "string" ? record.revision : "unreadable";
}

/** Encrypts `value` for this name and revision, and for no other. */
export async function seal(
  name: string,
  key: StoredKey,
  revision: string,
  value: string | undefined,
): Promise<SealedRecord> {
  if (value === undefined) return { revision };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = algorithm(name, revision, iv);
  const data = await crypto.subtle.encrypt(how, key.key, new TextEncoder().encode(value));
  return { revision, sealed: { iv, data } };
}

/** The value of a record. Rejects with an {@link UnreadableRecordError}. */
export async function unseal(
  name: string,
  key: unknown,
  record: unknown,
): Promise<string | undefined> {
  const revision = revisionOf(record) ?? "unreadable";
  try {
    const sealed = sealedPart(record);
    if (sealed === undefined) return undefined;
    if (!isStoredKey(key)) throw new TypeError("There is no key.");
    const how = algorithm(name, revision, new Uint8Array(sealed.iv));
    return new TextDecoder().decode(await crypto.subtle.decrypt(how, key.key, sealed.data));
  } catch (error) {
    throw new UnreadableRecordError(revision, error);
  }
}

function sealedPart(record: unknown): SealedRecord["sealed"] {
  if (!isSealedRecord(record)) throw new TypeError("The record has another shape.");
  return record.sealed;
}

function isSealedRecord(value: unknown): value is SealedRecord {
  if (typeof value !== "object" || value === null || !("revision" in value)) return false;
  if (typeof value.revision !== "string") return false;
  if (!("sealed" in value) || value.sealed === undefined) return true;
  const { sealed } = value;
  return typeof sealed === "object" && sealed !== null && "iv" in sealed && "data" in sealed;
}

function algorithm(name: string, revision: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  // Bound to its place, so that an old record cannot be put back under a new revision.
  const additionalData = new TextEncoder().encode(`${name}\n${revision}`);
  return { name: "AES-GCM", iv, additionalData };
}

import type { Channel, ChannelMessage } from "./ports.ts";
import { signedOutError } from "./session-generation.ts";
import type { SessionGeneration } from "./session-generation.ts";
import type { SessionHolder, SessionOrigin } from "./session-holder.ts";
import type { LedgerEntry, SessionLedger } from "./session-ledger.ts";
import { recordSchema } from "./session-record.ts";
import type { SessionRecord } from "./session-record.ts";
import type { CurrentRecord } from "./session-renewer.ts";

/**
 * Keeps the session in this tab and the record in the store in step. Every
 * write names the revision that it was decided upon, and nothing is used whose
 * generation has ended meanwhile: that is the commit guard.
 */
export class SessionSync {
  readonly #holder: SessionHolder;
  readonly #ledger: SessionLedger;
  readonly #channel: Channel;
  readonly #onReplaced: ((refreshToken: string) => void) | undefined;

  constructor(
    holder: SessionHolder,
    ledger: SessionLedger,
    channel: Channel,
    onReplaced?: (refreshToken: string) => void,
  ) {
    this.#holder = holder;
    this.#ledger = ledger;
    this.#channel = channel;
    this.#onReplaced = onReplaced;
  }

  /** Brings this tab to what the store says. */
  async reread(by: SessionOrigin): Promise<void> {
    const { epoch } = this.#holder;
    const entry = await this.#read();
    if (epoch === this.#holder.epoch) this.#apply(entry, by);
  }

  /** The record a renewal works on; throws when its generation is over. */
  async current(generation: SessionGeneration): Promise<CurrentRecord> {
    generation.ended.throwIfAborted();
    const entry = await this.#read();
    generation.ended.throwIfAborted();
    this.#apply(entry, "another-tab");
    generation.ended.throwIfAborted();
    const { record } = this.#holder;
    if (record === undefined) throw signedOutError("Nobody is signed in.");
    return { entry, record };
  }

  /**
   * Replaces what was read by what a renewal made of it. False when somebody
   * else was faster; throws when the generation is over.
   */
  async commit(
    generation: SessionGeneration,
    current: CurrentRecord,
    record: SessionRecord,
  ): Promise<boolean> {
    generation.ended.throwIfAborted();
    const { version } = this.#holder;
    const written = await this.#ledger.write(current.entry, record);
    generation.ended.throwIfAborted();
    if (!written) return false;
    if (version === this.#holder.version) this.#holder.takeOver(record, "this-tab");
    else await this.reread("another-tab");
    // A sign-in has taken its place already, and the answer is of the session before.
    if (this.#holder.record?.session !== record.session) return false;
    const dead = record.interactionRequired === true;
    this.#post(dead ? "interaction-required" : "tokens-changed", record.session);
    return true;
  }

  /** Writes a new session, whatever is there; false when a sign-out came in between. */
  async establish(record: SessionRecord, epoch: number): Promise<boolean> {
    let before: SessionRecord | undefined;
    for (let written = false; !written;) {
      const entry = await this.#ledger.read();
      if (epoch !== this.#holder.epoch) return false;
      written = await this.#ledger.write(entry, record);
      before = entry.record;
    }
    if (epoch !== this.#holder.epoch) {
      // It was in the store for a moment: whoever has read it must hear of its end.
      await this.clear(record.session);
      return false;
    }
    this.#holder.takeOver(record, "this-tab");
    this.#post("signed-in", record.session);
    // Most issuers revoke all that they gave to a person, and so the new session of the same one.
    const { subject, refreshToken } = before ?? record;
    const unused = subject !== record.subject && refreshToken !== record.refreshToken;
    if (unused && refreshToken !== undefined) this.#onReplaced?.(refreshToken);
    return true;
  }

  /**
   * Removes the session that was signed out, and tells the other tabs. Without a
   * name, because the store was not read yet, it removes whichever is there.
   */
  async clear(session: string | undefined): Promise<void> {
    if (session !== undefined) this.#holder.endSession(session);
    const removed = await this.#remove(session);
    const name = session ?? removed;
    if (name === undefined) return;
    this.#holder.endSession(name);
    this.#post("signed-out", name);
  }

  /** Removes a session unless another has taken its place; returns its name. */
  async #remove(session: string | undefined): Promise<string | undefined> {
    for (;;) {
      const entry = await this.#ledger.read();
      const found = entry.record?.session;
      // Without a name also when nothing is there: a storage that fails has not been seen yet.
      if (session !== undefined && found !== session) return undefined;
      if (await this.#ledger.write(entry, undefined)) return found;
    }
  }

  // What was read before this tab moved on would move it back, so it is read again.
  async #read(): Promise<LedgerEntry> {
    for (;;) {
      const { version } = this.#holder;
      const entry = await this.#ledger.read();
      if (version === this.#holder.version) return entry;
    }
  }

  #apply(entry: LedgerEntry, by: SessionOrigin): void {
    if (entry.record !== undefined) this.#holder.takeOver(entry.record, by);
    else if (entry.kind === "removed" && this.#holder.record !== undefined) {
      this.#holder.end("another-tab");
    }
  }

  #post(type: ChannelMessage["type"], session: string): void {
    this.#channel.post({ schema: recordSchema, session, type });
  }
}

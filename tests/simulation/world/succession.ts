const nobody = -1;

/** Which session took the place of which, and which ones somebody signed out of. By family. */
export class Succession {
  readonly #signedOut = new Set<number>();
  /** The sessions that were in the store, one after the other. */
  readonly #lineage: number[] = [];
  /** Sessions, and those that took their place in the memory of a tab. */
  readonly #tookPlace: (readonly [number, number])[] = [];

  /** All that were ever in the store. */
  get stored(): readonly number[] {
    return this.#lineage;
  }

  /** A session is in the store now. False when it has been there before another one. */
  store(family: number): boolean {
    if (this.#lineage.at(-1) === family) return true;
    const isNew = !this.#lineage.includes(family);
    this.#lineage.push(family);
    return isNew;
  }

  /** The store was told that nobody is signed in. */
  remove(): void {
    this.#lineage.push(nobody);
  }

  /** A session took the place of another one in a tab's memory. */
  replace(before: number, family: number): void {
    this.#tookPlace.push([before, family]);
  }

  signOut(family: number): void {
    this.#signedOut.add(family);
  }

  /** Somebody signed out of the session that was last in the store. */
  signOutLast(): void {
    const last = this.#lineage.findLast((family) => family !== nobody);
    if (last !== undefined) this.signOut(last);
  }

  /** Whether somebody signed out of a session, or of one that took its place. */
  wasSignedOut(family: number, asked: readonly number[] = []): boolean {
    if (this.#signedOut.has(family)) return true;
    const all = [...asked, family];
    const next = this.#tookPlace.filter(([old, id]) => old === family && !all.includes(id));
    if (next.some(([, id]) => this.wasSignedOut(id, all))) return true;
    const since = this.#lineage.lastIndexOf(family);
    return since >= 0 && this.#lineage.slice(since).some((id) => this.#signedOut.has(id));
  }

  wasAnySignedOut(): boolean {
    return this.#signedOut.size > 0;
  }
}

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
  wasSignedOut(family: number): boolean {
    const asked = new Set([family]);
    for (const id of asked) {
      if (this.#signedOut.has(id)) return true;
      for (const [old, next] of this.#tookPlace) if (old === id) asked.add(next);
      const since = this.#lineage.lastIndexOf(id);
      if (since >= 0) for (const later of this.#lineage.slice(since)) asked.add(later);
    }
    return false;
  }

  wasAnySignedOut(): boolean {
    return this.#signedOut.size > 0;
  }
}

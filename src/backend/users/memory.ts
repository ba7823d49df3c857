/** What was found out about the users, remembered as long as they have not changed. */
export interface Memory<T> {
  /** What is known by this key; made when it is not known for this state of the users. */
  get(key: string, stamp: string, make: () => Promise<T>): Promise<T>;
}

/** Remembers so many things; one more, or another stamp, forgets them all. */
export function createMemory<T>(atMost: number): Memory<T> {
  const known = new Map<string, { readonly value: T }>();
  let current = "";
  return {
    async get(key, stamp, make) {
      const isFull = known.size >= atMost && !known.has(key);
      if (stamp !== current || isFull) known.clear();
      current = stamp;
      const found = known.get(key) ?? { value: await make() };
      if (stamp === current) known.set(key, found);
      return found.value;
    },
  };
}

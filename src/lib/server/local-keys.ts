import type { JSONWebKeySet } from "jose";
import { createKeySet } from "./key-set.ts";
import type { KeySet } from "./key-set.ts";
import { KeysUnavailable } from "./keys.ts";
import type { Keys } from "./keys.ts";

/**
 * The keys of an issuer in the same process. `read` is asked at every call, so
 * a rotation counts at once, without HTTP.
 */
export function createLocalKeys(
  issuer: string,
  read: () => JSONWebKeySet | Promise<JSONWebKeySet>,
): Keys {
  let held: { readonly text: string; readonly set: KeySet } | undefined;
  function take(jwks: JSONWebKeySet): KeySet {
    const text = JSON.stringify(jwks);
    if (held?.text !== text) held = { text, set: createKeySet(jwks) };
    return held.set;
  }
  function unreadable(cause: unknown): never {
    throw new KeysUnavailable(`The keys of ${issuer} cannot be read in this process.`, 0, cause);
  }
  function current(): KeySet | Promise<KeySet> {
    try {
      const jwks = read();
      return "keys" in jwks ? take(jwks) : jwks.then(take).catch(unreadable);
    } catch (cause) {
      return unreadable(cause);
    }
  }
  return {
    current,
    async newerThan(known) {
      const set = await current();
      return set === known ? undefined : set;
    },
    async reload() {
      held = undefined;
      await current();
    },
  };
}

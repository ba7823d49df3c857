/** This browser's storage. One that is blocked throws already when it is looked at: then there is none. */
export function safeStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

/** Makes something when it is first needed, and keeps it: a browser takes milliseconds for a format. */
export function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

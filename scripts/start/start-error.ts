/** The start cannot go on; the message is a sentence for the person who typed the command. */
export class StartError extends Error {
  override readonly name = "StartError";
}
